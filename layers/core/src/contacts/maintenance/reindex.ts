import type { IndexTables } from '#core/contacts/indexing/index.ts';
import { runJob, startJob } from '#core/platform/jobs/resumable-job.ts';
import type { ReindexOptions } from './options.ts';
import { verifyIndex } from './verify.ts';

export interface ReindexResult {
  status: 'done' | 'stopped';
  resumed: boolean;
  contacts: number;
  /** Rows that were missing, and rows whose contact does not hold the hash any more. */
  added: number;
  removed: number;
  /** Contacts that changed all the while and were left to the indexer. */
  deferred: number;
}

/**
 * Rebuilds the index from the contacts: first every missing row is added, then every row is removed whose
 * contact does not hold its hash. Writers, the indexer and lookups may go on meanwhile: each row is settled by
 * the same reconciliation that the indexer uses, which reads the truth again after it wrote.
 *
 * @throws {UnavailableError} when DynamoDB stays away; the next run goes on from there
 */
export async function reindex(tables: IndexTables, options: ReindexOptions = {}): Promise<ReindexResult> {
  const job = await startJob(
    {
      identity: JSON.stringify(['reindex', tables.contacts, tables.lookup, options.dryRun ?? false]),
      scans: ['contacts', 'lookup'],
      counts: ['scanned', 'contacts', 'outdated', 'added', 'removed', 'deferred'],
    },
    options,
  );
  const done = await runJob(job, () => verifyIndex(tables, job, options));
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
