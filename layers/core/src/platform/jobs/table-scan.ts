import type { DynamoDBDocumentClient, ScanCommandInput } from '@aws-sdk/lib-dynamodb';
import { scanPages } from '#core/platform/dynamodb/paginate.ts';
import type { Job, JobOptions, PageCounts } from './resumable-job.ts';

/** How a job goes through its tables. */
export interface ScanJobOptions extends JobOptions {
  /** Segments that are read at the same time. */
  parallel?: number;
  maxWritesPerSecond?: number | undefined;
  /** Items of one page. */
  pageSize?: number;
  /** Ends the job after the pages that are being worked on. The next run continues. */
  signal?: AbortSignal;
  /** Gets the items read so far of all tables, for a progress bar. */
  onProgress?: (scanned: number, counts: Readonly<Record<string, number>>) => void;
}

export interface TableScan<Count extends string> {
  client: DynamoDBDocumentClient;
  /** Names the positions of this scan in the job's state. */
  name: string;
  scan: ScanCommandInput;
  /** Works on one page and counts. Until it resolves, the position stays before the page and nothing counts. */
  visit: (items: Record<string, unknown>[]) => Promise<PageCounts<Count>>;
}

const DEFAULT_CONCURRENCY = 4;

/** Reads a whole table, several segments at a time, from the job's positions on. An error stops all segments. */
export async function scanTable<Count extends string>(
  job: Job<string, Count | 'scanned'>,
  { client, name, scan, visit }: TableScan<Count>,
  options: ScanJobOptions,
): Promise<void> {
  const { counts, scans } = job.state;
  const positions = scans[name] ?? [];
  const open = [...positions.keys()].filter((segment) => positions[segment] !== 'done');
  let failed = false;
  const stopped = () => failed || options.signal?.aborted === true;

  async function scanSegments(): Promise<void> {
    for (let segment = open.shift(); segment !== undefined; segment = open.shift())
      await scanSegment(segment, positions[segment]);
  }

  async function scanSegment(
    Segment: number,
    position: (typeof positions)[number] | undefined,
  ): Promise<void> {
    if (position === 'done' || stopped()) return;
    const pages = scanPages(client, {
      ...scan,
      // With one segment, scan without segments: the embedded engine ends a segment early when the item at its position
      // was deleted.
      ...(positions.length > 1 ? { Segment, TotalSegments: positions.length } : {}),
      ...(position ? { ExclusiveStartKey: position } : {}),
    });
    for await (const { items, scannedCount, next } of pages) {
      const found = await visit(items);
      positions[Segment] = next ?? 'done';
      const counted = { ...found, scanned: scannedCount } as PageCounts<Count | 'scanned'>;
      await job.pageDone(counted);
      options.onProgress?.(counts.scanned, counts);
      if (stopped()) return;
    }
  }

  const workers = Array.from({ length: options.parallel ?? DEFAULT_CONCURRENCY }, () =>
    scanSegments().catch((error: unknown) => {
      failed = true;
      throw error;
    }),
  );
  // The error is thrown after all workers ended, so that none of them still writes when the caller handles it.
  const failure = (await Promise.allSettled(workers)).find(({ status }) => status === 'rejected');
  if (failure?.status === 'rejected') throw failure.reason;
}
