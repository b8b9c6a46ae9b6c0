import { createInboundTexts } from '@switchboard/core/messages/opt-outs';
import { readEnv } from '@switchboard/core/platform/env';
import { createScheduledHandler } from '@switchboard/core/platform/handlers/scheduled';

const receive = createInboundTexts(readEnv('MESSAGES_TABLE', 'ORGANIZATION', 'ROOT_KEY_ARN', 'KEY_VERSIONS'));

/** Remembers who texts STOP or START. */
export const handler = createScheduledHandler('sms-inbound', receive);
