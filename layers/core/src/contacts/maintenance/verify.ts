import { BatchGetCommand, type BatchGetCommandInput } from '@aws-sdk/lib-dynamodb';
import { type ChangedHashes, type IndexTables, reconcileIndex } from '#core/contacts/indexing/index.ts';
import { readHashes } from '#core/contacts/indexing/index-rows.ts';
import { contactIdOf } from '#core/contacts/keys.ts';
import { chunks } from '#core/platform/chunks.ts';
import { withUnprocessedRetry } from '#core/platform/dynamodb/batch.ts';
import { UnavailableError } from '#core/platform/errors.ts';
import type { Job, PageCounts } from '#core/platform/jobs/resumable-job.ts';
import { scanTable, type TableScan } from '#core/platform/jobs/table-scan.ts';
import { forEachConcurrent } from '#core/platform/resilience/concurrency.ts';
import { createWriteThrottle, type WriteThrottle } from '#core/platform/resilience/throttle.ts';
import type { ReindexOptions } from './options.ts';
import { profileScan } from './profile-scan.ts';

type RowCounts = 'added' | 'removed' | 'deferred';
export type IndexCounts = 'scanned' | 'contacts' | 'outdated' | RowCounts;

/** Reads at once for one page. */
const READ_CONCURRENCY = 4;

/**
 * Adds the missing rows of the index, then removes the stale ones, in this order: a row that takes another's
 * place is there before the other one goes.
 *
 * @param newest counts the contacts that are on another key version as `outdated`
 */
export async function verifyIndex(
  tables: IndexTables,
  job: Job<string, IndexCounts>,
  options: ReindexOptions,
  newest?: number,
): Promise<void> {
  const { client } = tables;
  const settle = createReconciler(
    tables,
    createWriteThrottle(options.maxWritesPerSecond),
    options.dryRun ?? false,
  );
  const contacts: TableScan<IndexCounts> = {
    client,
    name: 'contacts',
    scan: {
      ...profileScan(tables.contacts, options.pageSize),
      ProjectionExpression: 'pk, #keys, keyVersion',
      ExpressionAttributeNames: { '#keys': 'keys' },
    },
    async visit(items) {
      const outdated =
        newest === undefined ? 0 : items.filter(({ keyVersion }) => keyVersion !== newest).length;
      const settled = await settle(await findMissingRows(tables, items), 'added');
      return { ...settled, contacts: items.length, outdated };
    },
  };
  const lookup: TableScan<IndexCounts> = {
    client,
    name: 'lookup',
    scan: { TableName: tables.lookup, ConsistentRead: true, Limit: options.pageSize ?? 500 },
    visit: async (items) => settle(await findStaleRows(tables, items), 'removed'),
  };
  await scanTable(job, contacts, options);
  if (!options.signal?.aborted) await scanTable(job, lookup, options);
}

/** Settles suspicious rows, or only counts them. What a page turned up may be outdated by now: it is read again. */
function createReconciler(
  tables: IndexTables,
  pace: WriteThrottle,
  dryRun: boolean,
): (suspects: ChangedHashes, what: 'added' | 'removed') => Promise<PageCounts<RowCounts>> {
  return async function settle(suspects, what) {
    const rows = [...suspects].flatMap(([contactId, hashes]) =>
      [...hashes].map((hash) => ({ contactId, hash })),
    );
    if (dryRun) return { [what]: rows.length };
    const counts = { added: 0, removed: 0, deferred: 0 };
    for (const group of pace.groups(rows)) {
      await pace.take(group.length);
      await reconcileRows(tables, groupByContact(group), counts);
    }
    return counts;
  };
}

function groupByContact(rows: readonly { contactId: string; hash: string }[]): ChangedHashes {
  const touched: ChangedHashes = new Map();
  for (const { contactId, hash } of rows)
    touched.set(contactId, (touched.get(contactId) ?? new Set()).add(hash));
  return touched;
}

/** Reconciles rows and counts what was done. */
async function reconcileRows(
  tables: IndexTables,
  suspects: ChangedHashes,
  counts: Record<RowCounts, number>,
): Promise<void> {
  const { put, deleted, failed } = await reconcileIndex(tables, suspects);
  counts.added += put;
  counts.removed += deleted;
  for (const error of failed.values()) {
    // The indexer is on to a contact that never comes to rest; anything else is an outage.
    if (!(error instanceof UnavailableError) || error.code !== 'CONTACT_CONFLICT') throw error;
    counts.deferred += 1;
  }
}

async function findMissingRows(
  tables: IndexTables,
  profiles: readonly Record<string, unknown>[],
): Promise<ChangedHashes> {
  const missing: ChangedHashes = new Map();
  for (const { pk, keys } of profiles) {
    const contactId = contactIdOf(pk);
    if (contactId !== undefined && keys instanceof Set) missing.set(contactId, new Set(keys as Set<string>));
  }
  const expected = [...missing].flatMap(([sk, hashes]) => [...hashes].map((pk) => ({ pk, sk })));
  await forEachConcurrent(chunks(expected, 100), READ_CONCURRENCY, async (keys) => {
    for (const { pk, sk } of await readExistingRows(tables, keys)) missing.get(sk)?.delete(pk);
  });
  for (const [contactId, hashes] of missing) if (hashes.size === 0) missing.delete(contactId);
  return missing;
}

type Reads = NonNullable<BatchGetCommandInput['RequestItems']>;

interface Row {
  pk: string;
  sk: string;
}

async function readExistingRows({ client, lookup }: IndexTables, keys: Row[]): Promise<Row[]> {
  const present: Row[] = [];
  const request: Reads = { [lookup]: { Keys: keys, ConsistentRead: true } };
  // What stays unread counts as missing, which costs a write and does no harm.
  await withUnprocessedRetry(request, async (RequestItems) => {
    const answer = await client.send(new BatchGetCommand({ RequestItems }));
    present.push(...((answer.Responses?.[lookup] ?? []) as Row[]));
    return answer.UnprocessedKeys;
  });
  return present;
}

async function findStaleRows(
  tables: IndexTables,
  rows: readonly Record<string, unknown>[],
): Promise<ChangedHashes> {
  const claims = groupByContact(
    (rows as unknown as readonly Row[]).map(({ pk, sk }) => ({ contactId: sk, hash: pk })),
  );
  const truth = await readHashes(tables, [...claims.keys()]);
  const stale: ChangedHashes = new Map();
  for (const [contactId, hashes] of claims) {
    const gone = hashes.difference(truth.get(contactId) ?? new Set());
    if (gone.size > 0) stale.set(contactId, gone);
  }
  return stale;
}
