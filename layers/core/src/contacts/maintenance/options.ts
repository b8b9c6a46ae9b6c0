import type { Checkpoint } from '#core/platform/jobs/resumable-job.ts';

/** How a job goes through the tables. */
export interface SweepSettings {
  /** Parts the tables are read in, and how many of them at once. */
  segments?: number;
  parallel?: number;
  maxWritesPerSecond?: number | undefined;
  /** Items read at once. */
  pageSize?: number;
  checkpoint?: Checkpoint;
  /** Do not take up an interrupted run. */
  fresh?: boolean;
  /** How often the checkpoint is saved, in milliseconds. */
  saveEveryMs?: number;
  /** Ends the job after the pages that are under way; the next run goes on. */
  signal?: AbortSignal;
  /** Gets the items read so far of all tables, for a progress bar. */
  onProgress?: (scanned: number, counts: Readonly<Record<string, number>>) => void;
}

export interface ReindexOptions extends SweepSettings {
  /** Count what is wrong, change nothing. */
  dryRun?: boolean;
}
