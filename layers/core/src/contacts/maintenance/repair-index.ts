import {
  type ChangedHashes,
  INDEX_DEFINITIONS,
  type IndexTables,
  indexProjection,
  isRowOf,
  readHashes,
  reconcileIndex,
  rowPartitions,
} from '#core/contacts/indexing/index.ts';
import { contactIdOf, lookupKey } from '#core/contacts/table-keys.ts';
import { batchGet } from '#core/platform/dynamodb/batch.ts';
import { UnavailableError } from '#core/platform/errors.ts';
import type { Job, PageCounts } from '#core/platform/jobs/resumable-job.ts';
import { type ScanJobOptions, scanTable, type TableScan } from '#core/platform/jobs/table-scan.ts';
import { createWriteThrottle } from '#core/platform/resilience/throttle.ts';
import { profileScan } from './deployment.ts';

type RowCounts = 'added' | 'removed' | 'deferred';
export type IndexCounts = 'scanned' | 'contacts' | 'outdated' | RowCounts;

export interface RepairOptions extends ScanJobOptions {
  /** Count the wrong rows, and change nothing. */
  dryRun?: boolean;
}

interface Row {
  contactId: string;
  hash: string;
}

/**
 * `npm run contacts -- reindex`: adds the missing rows of the indexes, then removes the stale rows. In this order, a row that replaces another one
 * exists before the other one is removed.
 *
 * @param newest counts the contacts of other key versions as `outdated`
 */
export async function repairIndex(
  tables: IndexTables,
  job: Job<string, IndexCounts>,
  options: RepairOptions,
  newest?: number,
): Promise<void> {
  const { client, definitions = INDEX_DEFINITIONS } = tables;
  const repair = createRepair(tables, options);
  const contacts: TableScan<IndexCounts> = {
    client,
    name: 'contacts',
    scan: {
      ...profileScan(tables.contacts, options.pageSize),
      ...indexProjection(definitions, 'pk', 'keyVersion'),
    },
    async visit(profiles) {
      const outdated =
        newest === undefined ? 0 : profiles.filter(({ keyVersion }) => keyVersion !== newest).length;
      const repaired = await repair(await findMissingRows(tables, profiles), 'added');
      return { ...repaired, contacts: profiles.length, outdated };
    },
  };
  const lookup: TableScan<IndexCounts> = {
    client,
    name: 'lookup',
    scan: { TableName: tables.lookup, ConsistentRead: true, Limit: options.pageSize ?? 500 },
    visit: async (rows) => repair(await findStaleRows(tables, rows), 'removed'),
  };
  await scanTable(job, contacts, options);
  if (!options.signal?.aborted) await scanTable(job, lookup, options);
}

/** Repairs rows, or only counts them. Contacts may have changed since a page was read: reconciling reads them again. */
function createRepair(tables: IndexTables, { maxWritesPerSecond, dryRun = false }: RepairOptions) {
  const throttle = createWriteThrottle(maxWritesPerSecond);

  return async function repair(rows: Row[], fault: 'added' | 'removed'): Promise<PageCounts<RowCounts>> {
    if (dryRun) return { [fault]: rows.length };
    const counts = { added: 0, removed: 0, deferred: 0 };
    for (const group of throttle.groups(rows)) {
      await throttle.take(group.length);
      const { put, deleted, failed } = await reconcileIndex(tables, groupByContact(group));
      counts.added += put;
      counts.removed += deleted;
      for (const error of failed.values()) {
        // The indexer updates a contact that keeps changing. Any other error is an outage.
        if (!(error instanceof UnavailableError) || error.code !== 'CONTACT_CONFLICT') throw error;
        counts.deferred += 1;
      }
    }
    return counts;
  };
}

function groupByContact(rows: readonly Row[]): ChangedHashes {
  const groups: ChangedHashes = new Map();
  for (const { contactId, hash } of rows) {
    groups.set(contactId, (groups.get(contactId) ?? new Set()).add(hash));
  }
  return groups;
}

async function findMissingRows(
  { client, lookup, definitions = INDEX_DEFINITIONS }: IndexTables,
  profiles: readonly Record<string, unknown>[],
): Promise<Row[]> {
  const expected = profiles.flatMap((profile) => {
    const contactId = contactIdOf(profile.pk);
    if (contactId === undefined) return [];
    return [...rowPartitions(definitions, profile)].map((hash) => ({ contactId, hash }));
  });
  const keys = expected.map(({ contactId, hash }) => lookupKey(hash, contactId));
  const existing = groupByContact(
    (await batchGet(client, lookup, keys, { ConsistentRead: true })).map(rowOf),
  );
  return expected.filter(({ contactId, hash }) => !existing.get(contactId)?.has(hash));
}

/** Rows that belong to none of the definitions are not the business of this job. */
async function findStaleRows(tables: IndexTables, items: readonly Record<string, unknown>[]): Promise<Row[]> {
  const { definitions = INDEX_DEFINITIONS } = tables;
  const rows = items.map(rowOf).filter(({ hash }) => isRowOf(definitions, hash));
  const current = await readHashes(tables, [...groupByContact(rows).keys()]);
  return rows.filter(({ contactId, hash }) => !current.get(contactId)?.has(hash));
}

function rowOf({ pk, sk }: Record<string, unknown>): Row {
  return { hash: String(pk), contactId: String(sk) };
}
