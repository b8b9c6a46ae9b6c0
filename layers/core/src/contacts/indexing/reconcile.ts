import { UnavailableError } from '#core/platform/errors.ts';
import type { ChangedHashes } from './index-changes.ts';
import { type IndexTables, type RowWrite, readHashes, writeRows } from './index-rows.ts';

export interface Reconciliation {
  /** Rows written and rows deleted. */
  put: number;
  deleted: number;
  /** The contacts whose rows may still be wrong, and why. */
  failed: Map<string, unknown>;
}

/** A contact that changes more often than this while its rows are written is left to a later delivery. */
const MAX_ROUNDS = 10;

/**
 * Makes the named rows of the index say what the contacts say, whoever else does so at the same time.
 *
 * Each round reads the truth, writes the rows accordingly, and reads the truth again. Whoever writes a row last
 * reads the truth after that write: either it still agrees, or it is written again, so the last write of all is
 * right. Hence duplicates, late records and several runs at once do no harm.
 *
 * @param touched for each contact the hashes whose rows may be wrong
 * @throws when the contacts cannot be read; nothing is known of any row then
 */
export async function reconcileIndex(tables: IndexTables, touched: ChangedHashes): Promise<Reconciliation> {
  const result: Reconciliation = { put: 0, deleted: 0, failed: new Map() };
  let pending = touched;
  let truth = await readHashes(tables, [...pending.keys()]);
  for (let round = 0; pending.size > 0; round += 1) {
    if (round === MAX_ROUNDS) return failPending(result, pending);
    const writes = rowsFor(pending, truth);
    const failed = await writeRows(tables, writes);
    for (const { contactId, present } of writes) {
      if (!failed.has(contactId)) result[present ? 'put' : 'deleted'] += 1;
    }
    for (const [contactId, error] of failed) result.failed.set(contactId, error);
    const contactIds = [...pending.keys()].filter((contactId) => !failed.has(contactId));
    const now = await readHashes(tables, contactIds);
    pending = changedSince(pending, truth, now);
    truth = now;
  }
  return result;
}

function rowsFor(touched: ChangedHashes, truth: Map<string, Set<string>>): RowWrite[] {
  return [...touched].flatMap(([contactId, hashes]) =>
    [...hashes].map((hash) => ({ contactId, hash, present: truth.get(contactId)?.has(hash) ?? false })),
  );
}

/** Of the touched keys those that the contact gained or lost between two readings. */
function changedSince(
  touched: ChangedHashes,
  before: Map<string, Set<string>>,
  now: Map<string, Set<string>>,
): ChangedHashes {
  const moved: ChangedHashes = new Map();
  for (const [contactId, keys] of now) {
    const changed = keys.symmetricDifference(before.get(contactId) ?? new Set<string>());
    const again = changed.intersection(touched.get(contactId) ?? new Set<string>());
    if (again.size > 0) moved.set(contactId, again);
  }
  return moved;
}

function failPending(result: Reconciliation, pending: ChangedHashes): Reconciliation {
  for (const contactId of pending.keys()) {
    const error = new UnavailableError('CONTACT_IN_MOTION', 'The contact changed all the while. Try again.');
    result.failed.set(contactId, error);
  }
  return result;
}
