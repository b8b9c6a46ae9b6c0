import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { updateExpression } from '#core/platform/dynamodb/update-expression.ts';
import type { Directory } from './table.ts';

/** The partition of the sync's state. `agent-sync/state` reads all of it with one query. */
export const SYNC_PARTITION = 'SYNC';

/** The range that the pool of extensions contains, see `agent-sync/seed`. */
export const POOL_RANGE_KEY = { pk: SYNC_PARTITION, sk: 'POOL_RANGE' };

/** The result of the last sync, and whether the export is due. */
export const LAST_RUN_KEY = { pk: SYNC_PARTITION, sk: 'LAST_RUN' };

/** The lease of the running full sync. */
export const SYNC_LEASE_KEY = { pk: SYNC_PARTITION, sk: 'LEASE' };

/**
 * Records that agent_extensions.csv is outdated. The next full sync writes it.
 *
 * @param exportDue the ISO time of the change
 */
export async function markExportDue({ client, table }: Directory, exportDue: string): Promise<void> {
  const update = updateExpression({ set: { exportDue } });
  await client.send(new UpdateCommand({ TableName: table, Key: LAST_RUN_KEY, ...update }));
}
