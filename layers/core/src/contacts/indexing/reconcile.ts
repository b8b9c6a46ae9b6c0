import { CONFLICT, retryOnConflict } from '#core/platform/dynamodb/retry-on-conflict.ts';
import { UnavailableError } from '#core/platform/errors.ts';
import type { ChangedHashes } from './index-changes.ts';
import { type IndexTables, type RowWrite, readHashes, writeRows } from './index-rows.ts';

export interface Reconciliation {
  /** Rows written, and rows deleted. */
  put: number;
  deleted: number;
  /** The contacts whose rows may still be wrong, each with its error. */
  failed: Map<string, unknown>;
}

/** A contact that changes more often than this while its rows are written is left to a later delivery. */
const MAX_ROUNDS = 10;

/**
 * Makes rows of the index agree with the contacts, even if other processes do the same concurrently.
 *
 * Each round reads the contacts, writes the rows, and reads the contacts again. The process that writes a row last also
 * reads the contact after that write. If the contact still agrees, the row is right; otherwise another round writes it
 * again. So duplicate records, late records, and concurrent runs do no harm.
 *
 * @param changed for each contact the hashes whose rows may be wrong
 * @throws when the contacts cannot be read: nothing is known about any row then
 */
export async function reconcileIndex(tables: IndexTables, changed: ChangedHashes): Promise<Reconciliation> {
  const result: Reconciliation = { put: 0, deleted: 0, failed: new Map() };
  if (changed.size === 0) return result;
  let pending = changed;
  let current = await readHashes(tables, [...pending.keys()]);
  const outcome = await retryOnConflict(MAX_ROUNDS, async () => {
    const writes = planWrites(pending, current);
    const failed = await writeRows(tables, writes);
    for (const { contactId, present } of writes) {
      if (!failed.has(contactId)) result[present ? 'put' : 'deleted'] += 1;
    }
    for (const [contactId, error] of failed) result.failed.set(contactId, error);
    const contactIds = [...pending.keys()].filter((contactId) => !failed.has(contactId));
    const before = current;
    current = await readHashes(tables, contactIds);
    pending = changedSince(before, current, pending);
    return pending.size > 0 ? CONFLICT : undefined;
  });
  if (outcome === CONFLICT) for (const contactId of pending.keys()) result.failed.set(contactId, conflict());
  return result;
}

function planWrites(changed: ChangedHashes, current: Map<string, Set<string>>): RowWrite[] {
  return [...changed].flatMap(([contactId, hashes]) =>
    [...hashes].map((hash) => ({ contactId, hash, present: current.get(contactId)?.has(hash) ?? false })),
  );
}

/** The pending hashes that a contact gained or lost between two reads. */
function changedSince(
  before: Map<string, Set<string>>,
  current: Map<string, Set<string>>,
  pending: ChangedHashes,
): ChangedHashes {
  const changed: ChangedHashes = new Map();
  for (const [contactId, hashes] of current) {
    const difference = hashes.symmetricDifference(before.get(contactId) ?? new Set<string>());
    const again = difference.intersection(pending.get(contactId) ?? new Set<string>());
    if (again.size > 0) changed.set(contactId, again);
  }
  return changed;
}

function conflict(): UnavailableError {
  return new UnavailableError(
    'CONTACT_CONFLICT',
    `The contact changed ${MAX_ROUNDS} times while its index rows were written. Try again.`,
  );
}
