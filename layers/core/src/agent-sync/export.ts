import { AGENT_PARTITION, agentFromItem, extensionOf, WAITING_PARTITION } from '#core/directory/agents.ts';
import { type Directory, queryPartition } from '#core/directory/table.ts';
import { clientSettings } from '#core/platform/client-settings.ts';

/** The export of a large instance takes longer than other requests. */
const S3_TIMEOUT_MS = 60_000;

const COLUMNS = ['username', 'firstName', 'lastName', 'extension', 'agentId'];

/**
 * Writes agent_extensions.csv page by page: agents by user name, then waiting agents with an empty extension. RFC 4180,
 * in UTF-8. A cell that a spreadsheet would run as a formula begins with an apostrophe.
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

/** Writes agent_extensions.csv to a bucket. Most runs have nothing to export, so only this function loads the S3 client. */
export async function exportToBucket(directory: Directory, bucket: string): Promise<void> {
  const { PutObjectCommand, S3Client } = await import('@aws-sdk/client-s3');
  const settings = clientSettings('S3', S3_TIMEOUT_MS);
  // An emulator of S3 has no host name for each bucket.
  const client = new S3Client({ ...settings, forcePathStyle: 'endpoint' in settings });
  const pages: Buffer[] = [];
  for await (const page of agentExtensionsCsv(directory)) pages.push(Buffer.from(page));
  await client.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: 'agent_extensions.csv',
      Body: Buffer.concat(pages),
      ContentType: 'text/csv; charset=utf-8',
    }),
  );
}
