import type { ScanJobOptions } from '#core/platform/jobs/table-scan.ts';

export interface ReindexOptions extends ScanJobOptions {
  /** Count what is wrong, change nothing. */
  dryRun?: boolean;
}
