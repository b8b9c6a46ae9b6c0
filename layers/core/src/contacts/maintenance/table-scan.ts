import { type DynamoDBDocumentClient, ScanCommand, type ScanCommandInput } from '@aws-sdk/lib-dynamodb';
import { PROFILE } from '#core/contacts/keys.ts';
import type { Job, PageCounts } from '#core/platform/jobs/resumable-job.ts';
import type { SweepSettings } from './options.ts';

export interface Sweep<Count extends string> {
  client: DynamoDBDocumentClient;
  /** The positions of this sweep in the job's state; one for each segment, moved on when a page was visited. */
  name: string;
  scan: ScanCommandInput;
  /** Works on one page and counts. Until it resolves, the position stays before the page and nothing counts. */
  visit: (items: Record<string, unknown>[]) => Promise<PageCounts<Count>>;
}

/** Reads the contacts of ContactsTable and leaves out the items beside them. */
export function profileScan(TableName: string, Limit = 500) {
  return {
    TableName,
    Limit,
    ConsistentRead: true,
    FilterExpression: 'sk = :profile',
    ExpressionAttributeValues: { ':profile': PROFILE },
  };
}

/** Goes through a whole table in parallel, from where the positions stand. An error stops all segments. */
export async function sweepTable<Count extends string>(
  job: Job<string, Count | 'scanned'>,
  { client, name, scan, visit }: Sweep<Count>,
  options: SweepSettings,
): Promise<void> {
  const { counts, sweeps } = job.state;
  const positions = sweeps[name] ?? [];
  const open = [...positions.keys()].filter((segment) => positions[segment] !== 'done');
  let failed = false;

  async function sweepSegments(): Promise<void> {
    for (let segment = open.shift(); segment !== undefined; segment = open.shift())
      await sweepSegment(segment);
  }

  async function sweepSegment(Segment: number): Promise<void> {
    for (let position = positions[Segment]; position !== 'done'; position = positions[Segment]) {
      if (failed || options.signal?.aborted) return;
      const page = await client.send(
        new ScanCommand({
          ...scan,
          // The embedded engine ends a segment early when the item it was left at is gone; a plain scan it does not.
          ...(positions.length > 1 ? { Segment, TotalSegments: positions.length } : {}),
          ...(position ? { ExclusiveStartKey: position } : {}),
        }),
      );
      const found = await visit(page.Items ?? []);
      positions[Segment] = page.LastEvaluatedKey ?? 'done';
      const counted = { ...found, scanned: page.ScannedCount ?? 0 } as PageCounts<Count | 'scanned'>;
      await job.pageDone(counted);
      options.onProgress?.(counts.scanned, counts);
    }
  }

  const workers = Array.from({ length: options.parallel ?? 4 }, () =>
    sweepSegments().catch((error: unknown) => {
      failed = true;
      throw error;
    }),
  );
  // All of them have ended before the error goes on, so nothing is written behind the caller's back.
  const failure = (await Promise.allSettled(workers)).find(({ status }) => status === 'rejected');
  if (failure?.status === 'rejected') throw failure.reason;
}
