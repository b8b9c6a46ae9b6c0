import { type AcceptEnv, createMessages } from '#core/messages/create-messages.ts';
import { getTemplate } from '#core/messages/templates/index.ts';
import type { FlowEvent } from '#core/platform/handlers/contact-flow.ts';
import { createFlowSender, type FlowSmsResponse } from './flow-sms.ts';

export { ACCEPT_SETTINGS } from '#core/messages/create-messages.ts';

/** Accepting is a write with retries, so it gets more time than a lookup. A contact flow waits up to 8 seconds. */
const FLOW_BUDGET_MS = 5_000;

/** Sends texts from contact flows, on the tables and keys that the environment names. */
export function createFlowSms(env: AcceptEnv): (event: FlowEvent) => Promise<FlowSmsResponse> {
  const { client, messages, accept } = createMessages(env);
  return createFlowSender({
    accept,
    getTemplate: (name) => getTemplate({ client, messages }, name),
    budgetMs: FLOW_BUDGET_MS,
  });
}
