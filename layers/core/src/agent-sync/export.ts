import { AGENT_PARTITION, agentFromItem, extensionOf, WAITING_PARTITION } from '#core/directory/agents.ts';
import { type Directory, queryPartition } from '#core/directory/table.ts';

const COLUMNS = ['username', 'firstName', 'lastName', 'extension', 'agentId'];

/**
 * agent_extensions.csv, page by page: agents by user name, then those who wait (their extension is empty).
 * RFC 4180, in UTF-8; cells that a spreadsheet would run as a formula begin with an apostrophe.
 */
export async function* agentExtensionsCsv(directory: Directory): AsyncGenerator<string, void, void> {
  yield csvRow(COLUMNS);
  for (const partition of [AGENT_PARTITION, WAITING_PARTITION]) {
    for await (const page of queryPartition(directory, partition)) {
      const rows = page.map(agentFromItem).flatMap((agent) => {
        if (!agent) return [];
        const { username, firstName, lastName, agentId } = agent;
        return [csvRow([username, firstName, lastName, extensionOf(agent) ?? '', agentId])];
      });
      if (rows.length > 0) yield rows.join('');
    }
  }
}

export function csvRow(cells: string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Writes agent_extensions.csv to a bucket. The S3 client is loaded only when there is something to write. */
export async function exportToBucket(directory: Directory, bucket: string): Promise<void> {
  const { createS3Put } = await import('./s3.ts');
  const put = createS3Put();
  const pages: Buffer[] = [];
  for await (const page of agentExtensionsCsv(directory)) pages.push(Buffer.from(page));
  await put({
    bucket,
    key: 'agent_extensions.csv',
    body: Buffer.concat(pages),
    contentType: 'text/csv; charset=utf-8',
  });
}
