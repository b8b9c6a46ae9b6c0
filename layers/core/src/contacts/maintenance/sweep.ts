import { type DynamoDBDocumentClient, ScanCommand, type ScanCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Position } from './job.ts';

export interface SweepOptions {
  client: DynamoDBDocumentClient;
  scan: ScanCommandInput;
  /** One for each segment; moved on when a page was visited. */
  positions: Position[];
  /** Segments at once. */
  parallel: number;
  /** Ends the sweep after the pages that are under way. */
  signal: AbortSignal | undefined;
  /** Works on one page. Until it resolves, the position stays before the page. */
  visit: (items: Record<string, unknown>[], scanned: number) => Promise<void>;
  pageDone: () => Promise<void>;
}

/** Goes through a whole table in parallel, from where the positions stand. An error stops all segments. */
export async function sweepTable(options: SweepOptions): Promise<void> {
  const { client, scan, positions, visit, pageDone } = options;
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
      await visit(page.Items ?? [], page.ScannedCount ?? 0);
      positions[Segment] = page.LastEvaluatedKey ?? 'done';
      await pageDone();
    }
  }

  const workers = Array.from({ length: options.parallel }, () =>
    sweepSegments().catch((error: unknown) => {
      failed = true;
      throw error;
    }),
  );
  // All of them have ended before the error goes on, so nothing is written behind the caller's back.
  const failure = (await Promise.allSettled(workers)).find(({ status }) => status === 'rejected');
  if (failure?.status === 'rejected') throw failure.reason;
}
