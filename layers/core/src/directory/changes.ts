import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Directory } from './table.ts';

/** The stored result of the last sync, and what is left to do after it. */
export const LAST_RUN_KEY = { pk: 'SYNC', sk: 'LAST_RUN' };

/** Says that agent_extensions.csv is behind; the next full sync writes it. */
export async function markExportDue({ client, table }: Directory, mark: string): Promise<void> {
  await client.send(
    new UpdateCommand({
      TableName: table,
      Key: LAST_RUN_KEY,
      UpdateExpression: 'SET exportDue = :mark',
      ExpressionAttributeValues: { ':mark': mark },
    }),
  );
}

/** Says before the first change of a run that agent_extensions.csv is behind, so that a killed run has said it. */
export interface ExportMark {
  /** What was said; undefined when nothing was, or nobody wants the export. */
  readonly value: string | undefined;
  set(): Promise<void>;
}

/** @param now as ISO time */
export function createExportMark(directory: Directory, wanted: boolean, now: () => string): ExportMark {
  let marking: Promise<void> | undefined;
  let value: string | undefined;
  async function mark(): Promise<void> {
    const said = now();
    await markExportDue(directory, said);
    value = said;
  }
  return {
    get value() {
      return value;
    },
    async set() {
      if (!wanted) return;
      marking ??= mark();
      await marking;
    },
  };
}
