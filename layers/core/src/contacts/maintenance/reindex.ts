import type { IndexTables } from '#core/contacts/indexing/index.ts';
import { runJob, startJob } from '#core/platform/jobs/resumable-job.ts';
import { type RepairOptions, repairIndex } from './repair-index.ts';

export interface ReindexResult {
  status: 'done' | 'stopped';
  resumed: boolean;
  contacts: number;
  /** Rows that were missing, and rows whose contact does not have the hash. */
  added: number;
  removed: number;
  /** Contacts that kept changing: the indexer updates their rows. */
  deferred: number;
}

/**
 * Rebuilds the indexes from the contacts: adds every missing row, then removes every row whose contact does not have its
 * hash. Writers, the indexer, and lookups may continue meanwhile, because each row is written by the reconciliation that
 * the indexer uses.
 *
 * @throws {UnavailableError} in an outage; the next run continues from there
 */
export async function reindex(tables: IndexTables, options: RepairOptions = {}): Promise<ReindexResult> {
  const indexes = tables.definitions?.map(({ name }) => name);
  const job = await startJob(
    {
      identity: JSON.stringify(['reindex', tables.contacts, tables.lookup, options.dryRun ?? false, indexes]),
      scans: ['contacts', 'lookup'],
      counts: ['scanned', 'contacts', 'outdated', 'added', 'removed', 'deferred'],
    },
    options,
  );
  const done = await runJob(job, () => repairIndex(tables, job, options));
  const { contacts, added, removed, deferred } = job.state.counts;
  return {
    status: done ? 'done' : 'stopped',
    resumed: job.resumed,
    contacts,
    added,
    removed,
    deferred,
  };
}
