import { ACCEPT_SETTINGS, createFlowSms } from '@switchboard/core/messages/flow';
import { readEnv } from '@switchboard/core/platform/env';
import { createFlowHandler } from '@switchboard/core/platform/handlers/contact-flow';

const send = createFlowSms(readEnv(...ACCEPT_SETTINGS));

/** Texts the caller, once for each block and call. */
export const handler = createFlowHandler('flow-sms', async (event) => ({ ...(await send(event)) }));
