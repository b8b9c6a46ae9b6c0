import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import {
  type ChangedHashes,
  INDEX_DEFINITIONS,
  type IndexTables,
  reconcileIndex,
  rowPartitions,
  writeRows,
} from '#core/contacts/indexing/index.ts';
import { fromProfileItem, type ProfileItem, toProfileItem, updatedAttributes } from '#core/contacts/items.ts';
import { systemClock } from '#core/platform/clock.ts';
import { ifAttributesAre, writeIf } from '#core/platform/dynamodb/conditions.ts';
import { CONFLICT, retryOnConflict } from '#core/platform/dynamodb/retry-on-conflict.ts';
import { updateExpression } from '#core/platform/dynamodb/update-expression.ts';
import { describeError } from '#core/platform/errors.ts';
import { runJob, startJob } from '#core/platform/jobs/resumable-job.ts';
import { type ScanJobOptions, scanTable, type TableScan } from '#core/platform/jobs/table-scan.ts';
import type { Keyring } from '#core/platform/keys/index.ts';
import { forEachConcurrent } from '#core/platform/resilience/concurrency.ts';
import { createWriteThrottle } from '#core/platform/resilience/throttle.ts';
import { profileScan } from './deployment.ts';
import { repairIndex } from './repair-index.ts';

export interface RotationOptions extends ScanJobOptions {
  /**
   * How long the new index rows exist before the old ones may be removed. It has to be longer than a lookup takes, see
   * `rotateKeys`.
   */
  overlapMs?: number;
  /** Called before the first page, with whether this run resumes an interrupted one. */
  onStart?: (resumed: boolean) => Promise<void>;
  /** Gets each contact that cannot be rotated: its partition key, and the reason. It may get the same contact again. */
  onFailed?: (pk: string, reason: string) => Promise<void>;
}

export interface RotationResult {
  status: 'done' | 'stopped';
  resumed: boolean;
  /** Contacts that were rotated, that have the newest version, and that cannot be decrypted. */
  rotated: number;
  unchanged: number;
  failed: number;
  /** Contacts of other versions at the verification. Run again if there are more than failed. */
  remaining: number;
  /** Rows of the indexes that the verification added and removed. */
  added: number;
  removed: number;
  deferred: number;
}

/** A contact as it was read, and as it will be written. */
interface Rotation {
  contactId: string;
  old: ProfileItem;
  next: ProfileItem;
}

type RotationCounts = Record<'rotated' | 'unchanged' | 'failed', number>;

const UPDATE_CONCURRENCY = 16;
const MAX_ROUNDS = 10;

/**
 * Moves every contact, and the indexes with it, to the newest key version, while calls and changes continue.
 *
 * A lookup reads the rows of all versions in use, at about the same time. It must find the old row or the new one. So
 * the rotation first adds the new rows. After `overlapMs` no lookup is running that did not see them, and the rotation
 * replaces the contact in one conditional update. Only then may the old rows be removed: by the indexer, or by the
 * verification at the end. The version and the time of a contact stay, because its content does not change.
 *
 * @throws {UnavailableError} in an outage; the next run continues from there
 */
export async function rotateKeys(
  deployment: IndexTables & { keyring: Keyring },
  options: RotationOptions = {},
): Promise<RotationResult> {
  const { keyring, contacts, lookup } = deployment;
  const job = await startJob(
    {
      identity: JSON.stringify(['rotate-keys', contacts, lookup, keyring.newest]),
      scans: ['rotation', 'contacts', 'lookup'],
      counts: [
        ...(['scanned', 'contacts', 'outdated', 'added', 'removed', 'deferred'] as const),
        ...(['rotated', 'unchanged', 'failed'] as const),
      ],
    },
    options,
  );
  await options.onStart?.(job.resumed);
  const rotatePage = createRotator(deployment, options);
  const rotation: TableScan<keyof RotationCounts> = {
    client: deployment.client,
    name: 'rotation',
    scan: profileScan(contacts, options.pageSize),
    visit: (items) => rotatePage(items as unknown as ProfileItem[]),
  };

  const done = await runJob(job, async () => {
    await scanTable(job, rotation, options);
    if (!options.signal?.aborted) await repairIndex(deployment, job, options, keyring.newest);
  });
  const { rotated, unchanged, failed, outdated, added, removed, deferred } = job.state.counts;
  return {
    status: done ? 'done' : 'stopped',
    resumed: job.resumed,
    rotated,
    unchanged,
    failed,
    remaining: outdated,
    added,
    removed,
    deferred,
  };
}

/** Rotates one page of contacts. A contact that changed meanwhile is read again and gets another round. */
function createRotator(
  deployment: IndexTables & { keyring: Keyring },
  { overlapMs = 3000, maxWritesPerSecond, onFailed }: RotationOptions,
) {
  const { keyring, definitions = INDEX_DEFINITIONS } = deployment;
  const throttle = createWriteThrottle(maxWritesPerSecond);

  return async function rotatePage(items: readonly ProfileItem[]): Promise<RotationCounts> {
    const counts = { rotated: 0, unchanged: 0, failed: 0 };
    let pending = items;
    const outcome = await retryOnConflict(MAX_ROUNDS, async () => {
      const rotations = await reencryptPage(pending, counts);
      if (rotations.length === 0) return undefined;
      await addRows(rotations);
      await systemClock.sleep(overlapMs);
      pending = await replaceContacts(rotations, counts);
      return pending.length > 0 ? CONFLICT : undefined;
    });
    if (outcome === CONFLICT) {
      for (const { pk } of pending) await recordFailure(pk, 'CONTACT_CONFLICT', counts);
    }
    return counts;
  };

  async function reencryptPage(items: readonly ProfileItem[], counts: RotationCounts): Promise<Rotation[]> {
    const rotations: Rotation[] = [];
    for (const old of items) {
      if (old.keyVersion === keyring.newest) {
        counts.unchanged += 1;
        continue;
      }
      try {
        const { contactId, version, updatedAt, ...body } = fromProfileItem(keyring, old);
        const next = toProfileItem(keyring, contactId, body, { version, updatedAt }, definitions);
        rotations.push({ contactId, old, next });
      } catch (error) {
        const { code, name } = describeError(error);
        await recordFailure(old.pk, code ?? name, counts);
      }
    }
    return rotations;
  }

  async function recordFailure(pk: string, reason: string, counts: RotationCounts): Promise<void> {
    counts.failed += 1;
    await onFailed?.(pk, reason);
  }

  /** Adds the rows of the new version. Until the contacts are replaced, lookups find them under both versions. */
  async function addRows(rotations: readonly Rotation[]): Promise<void> {
    const rows = rotations.flatMap(({ contactId, next }) =>
      [...rowPartitions(definitions, { ...next })].map((hash) => ({ contactId, hash, present: true })),
    );
    for (const group of throttle.groups(rows)) {
      await throttle.take(group.length);
      const failed = await writeRows(deployment, group);
      for (const error of failed.values()) throw error;
    }
  }

  /** Replaces the contacts that are still as they were read. Returns the others as they are now. */
  async function replaceContacts(
    rotations: readonly Rotation[],
    counts: RotationCounts,
  ): Promise<ProfileItem[]> {
    const changed: ProfileItem[] = [];
    const unused: ChangedHashes = new Map();
    await forEachConcurrent(rotations, UPDATE_CONCURRENCY, async ({ contactId, old, next }) => {
      await throttle.take(1);
      if (await replaceContact(old, next)) {
        counts.rotated += 1;
        return;
      }
      unused.set(contactId, rowPartitions(definitions, { ...next }));
      const current = await readProfile(old);
      if (current) changed.push(current);
    });
    // The contact may no longer have the identifiers whose rows were added.
    const { failed } = await reconcileIndex(deployment, unused);
    for (const error of failed.values()) throw error;
    return changed;
  }

  /** False when the contact was changed, deleted, or rotated by another run. */
  function replaceContact(old: ProfileItem, next: ProfileItem): Promise<boolean> {
    const update = new UpdateCommand({
      TableName: deployment.contacts,
      Key: { pk: old.pk, sk: old.sk },
      ...updateExpression({
        set: updatedAttributes(next, definitions),
        // Every encryption has its own salt, so the blob alone shows every change.
        when: ifAttributesAre({ blob: old.blob }),
      }),
    });
    return writeIf(deployment.client.send(update));
  }

  async function readProfile({ pk, sk }: ProfileItem): Promise<ProfileItem | undefined> {
    const { Item } = await deployment.client.send(
      new GetCommand({ TableName: deployment.contacts, Key: { pk, sk }, ConsistentRead: true }),
    );
    return Item as ProfileItem | undefined;
  }
}
