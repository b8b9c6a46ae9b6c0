import { ACCEPT_SETTINGS, createFlowTexts } from '@switchboard/core/messages/flow';
import { readEnv } from '@switchboard/core/platform/env';
import { flowHandler } from '@switchboard/core/platform/handlers/contact-flow';

const send = createFlowTexts(readEnv(...ACCEPT_SETTINGS));

/** Texts the caller, once for each block and call. */
export const handler = flowHandler('flow-sms', async (event) => ({ ...(await send(event)) }));
