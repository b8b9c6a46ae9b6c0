import { readEnv } from '@switchboard/core/platform/env';
import { createFlowHandler } from '@switchboard/core/platform/handlers/contact-flow';
import { createFindTransfer } from '@switchboard/core/transfer';

const env = readEnv('DIRECTORY_TABLE', 'LOOKUP_BUDGET_MS', 'AGENT_ACTIVITY', 'TIME_ZONE');
const findTransfer = createFindTransfer({
  table: env.DIRECTORY_TABLE,
  budgetMs: env.LOOKUP_BUDGET_MS,
  presenceEnabled: env.AGENT_ACTIVITY,
  timeZone: env.TIME_ZONE,
});

/** Finds the agent of the pressed digits or of the called number, with the agent's status. */
export const handler = createFlowHandler('extension-transfer', async (event) => {
  const { parameters, systemAddress, languageCode } = event;
  const { found, ...answer } = await findTransfer({
    digits: parameters.digits,
    calledNumber: systemAddress,
    language: parameters.language || languageCode,
  });
  return { status: found ? 'FOUND' : 'NOT_FOUND', ...answer };
});
