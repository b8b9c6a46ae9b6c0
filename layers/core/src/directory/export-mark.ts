import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { updateExpression } from '#core/platform/dynamodb/update-expression.ts';
import type { Directory } from './table.ts';

/** The stored result of the last sync, and whether the export is due. */
export const LAST_RUN_KEY = { pk: 'SYNC', sk: 'LAST_RUN' };

/**
 * Records that agent_extensions.csv is outdated. The next full sync writes it.
 *
 * @param exportDue the ISO time of the change
 */
export async function markExportDue({ client, table }: Directory, exportDue: string): Promise<void> {
  const update = updateExpression({ set: { exportDue } });
  await client.send(new UpdateCommand({ TableName: table, Key: LAST_RUN_KEY, ...update }));
}

/** Marks the export as due before the first change of a run, so that a killed run has marked it. */
export interface ExportMark {
  /** The mark of this run; undefined while it has none. */
  readonly value: string | undefined;
  set(): Promise<void>;
}

/**
 * @param enabled false when no bucket is configured for the export
 * @param now as ISO time
 */
export function createExportMark(directory: Directory, enabled: boolean, now: () => string): ExportMark {
  let marking: Promise<void> | undefined;
  let value: string | undefined;
  async function mark(): Promise<void> {
    const time = now();
    await markExportDue(directory, time);
    value = time;
  }
  return {
    get value() {
      return value;
    },
    async set() {
      if (!enabled) return;
      marking ??= mark();
      await marking;
    },
  };
}
