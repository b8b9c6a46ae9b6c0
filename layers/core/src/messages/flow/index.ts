import type { FlowEvent } from '../../platform/flow.ts';
import { type AcceptEnv, openMessages } from '../open.ts';
import { getTemplate } from '../templates/index.ts';
import { createFlowSms, type FlowSmsAnswer } from './flow-sms.ts';

export interface FlowTextsEnv extends AcceptEnv {
  LOOKUP_BUDGET_MS: number;
}

/** Texts from contact flows, on the tables and keys its environment names. */
export function createFlowTexts(env: FlowTextsEnv): (event: FlowEvent) => Promise<FlowSmsAnswer> {
  const { client, messages, accept } = openMessages(env);
  return createFlowSms({
    accept,
    getTemplate: (name) => getTemplate({ client, messages }, name),
    budgetMs: env.LOOKUP_BUDGET_MS,
  });
}
