import { createFindTransfer } from '@switchboard/core/directory';
import { readEnv } from '@switchboard/core/platform/env';
import { flowHandler } from '@switchboard/core/platform/flow';

const env = readEnv('DIRECTORY_TABLE', 'LOOKUP_BUDGET_MS');
const findTransfer = createFindTransfer({ table: env.DIRECTORY_TABLE, budgetMs: env.LOOKUP_BUDGET_MS });

/** Keyed digits, or the number that was dialled, to the agent to transfer to. */
export const handler = flowHandler('extension-transfer', async ({ parameters, systemAddress }) => {
  const transfer = await findTransfer({ digits: parameters.digits, calledNumber: systemAddress });
  const { found, ...answer } = transfer;
  return { status: found ? 'FOUND' : 'NOT_FOUND', ...answer };
});
