import { documentClient } from '../../platform/aws.ts';
import type { FlowEvent } from '../../platform/flow.ts';
import { keyringLoader } from '../../platform/keys/index.ts';
import { createAcceptMessage } from '../accept.ts';
import { getTemplate } from '../templates/index.ts';
import { createFlowSms, type FlowSmsAnswer } from './flow-sms.ts';

export interface FlowTextsEnv {
  MESSAGES_TABLE: string;
  IDEMPOTENCY_TABLE: string;
  LOOKUP_TABLE: string;
  DIRECTORY_TABLE: string;
  ORGANISATION: string;
  ROOT_KEY_ARN: string;
  KEY_VERSIONS: number[];
  MESSAGE_RETENTION_DAYS: number;
  ALLOW_UNKNOWN_RECIPIENTS: boolean;
  LOOKUP_BUDGET_MS: number;
}

/** Texts from contact flows, on the tables and keys its environment names. */
export function createFlowTexts(env: FlowTextsEnv): (event: FlowEvent) => Promise<FlowSmsAnswer> {
  const keys = { organisation: env.ORGANISATION, rootKeyArn: env.ROOT_KEY_ARN, versions: env.KEY_VERSIONS };
  const client = documentClient(3);
  const messages = env.MESSAGES_TABLE;
  return createFlowSms({
    accept: createAcceptMessage({
      client,
      messages,
      idempotency: env.IDEMPOTENCY_TABLE,
      lookup: env.LOOKUP_TABLE,
      directory: { client, table: env.DIRECTORY_TABLE },
      keyring: keyringLoader(keys),
      retentionDays: env.MESSAGE_RETENTION_DAYS,
      allowUnknownRecipients: env.ALLOW_UNKNOWN_RECIPIENTS,
    }),
    getTemplate: (name) => getTemplate({ client, messages }, name),
    budgetMs: env.LOOKUP_BUDGET_MS,
  });
}
