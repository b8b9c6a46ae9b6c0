import { type AcceptEnv, openMessages } from '#core/messages/create-messages.ts';
import { getTemplate } from '#core/messages/templates/index.ts';
import type { FlowEvent } from '#core/platform/handlers/contact-flow.ts';
import { createFlowSms, type FlowSmsAnswer } from './flow-sms.ts';

export { ACCEPT_SETTINGS } from '#core/messages/create-messages.ts';

/** Accepting is a write and may be tried again, so it gets more than a lookup; a flow waits for 8 seconds at most. */
const BUDGET_MS = 5_000;

/** Texts from contact flows, on the tables and keys its environment names. */
export function createFlowTexts(env: AcceptEnv): (event: FlowEvent) => Promise<FlowSmsAnswer> {
  const { client, messages, accept } = openMessages(env);
  return createFlowSms({
    accept,
    getTemplate: (name) => getTemplate({ client, messages }, name),
    budgetMs: BUDGET_MS,
  });
}
