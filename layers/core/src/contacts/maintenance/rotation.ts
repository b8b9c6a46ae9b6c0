import { setTimeout } from 'node:timers/promises';
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type ChangedHashes, type IndexTables, reconcileIndex } from '#core/contacts/indexing/index.ts';
import { writeRows } from '#core/contacts/indexing/index-rows.ts';
import { fromProfileItem, type ProfileItem, toProfileItem } from '#core/contacts/items.ts';
import { describeError } from '#core/platform/errors.ts';
import { runJob, startJob } from '#core/platform/jobs/resumable-job.ts';
import { type ScanJobOptions, scanTable, type TableScan } from '#core/platform/jobs/table-scan.ts';
import type { Keyring } from '#core/platform/keys/index.ts';
import { forEachConcurrent } from '#core/platform/resilience/concurrency.ts';
import { createWriteThrottle, type WriteThrottle } from '#core/platform/resilience/throttle.ts';
import { profileScan } from './profile-scan.ts';
import { verifyIndex } from './verify.ts';

export interface RotationOptions extends ScanJobOptions {
  /**
   * How long new index rows are there before the old ones may go. It has to be longer than a lookup takes, see
   * `rotateKeys`.
   */
  overlapMs?: number;
  /** Told before the first page whether this goes on with an interrupted run. */
  onStart?: (resumed: boolean) => Promise<void>;
  /** Gets each contact that cannot be moved: its partition key and why. May be called again for the same one. */
  onFailed?: (pk: string, reason: string) => Promise<void>;
}

export interface RotationResult {
  status: 'done' | 'stopped';
  resumed: boolean;
  /** Contacts moved, contacts found on the newest version, contacts that cannot be opened. */
  rotated: number;
  unchanged: number;
  failed: number;
  /** Contacts that were not on the newest version when all was verified; run again if there are more than failed. */
  remaining: number;
  /** Rows of the index that the verification had to add and to remove. */
  added: number;
  removed: number;
  deferred: number;
}

/** A contact as it was read, and as it shall be. */
interface Rotation {
  contactId: string;
  old: ProfileItem;
  next: ProfileItem;
}

const UPDATE_CONCURRENCY = 16;
const MAX_ROUNDS = 10;

/**
 * Moves every contact to the newest key version, and the index with it, while calls and changes go on.
 *
 * A lookup asks for the hashes of all versions in use, at about the same time. It must find the old row or the
 * new one, so: first the new rows are added; then, `overlapMs` later, when no lookup is under way any more that
 * did not see them, the contact is replaced in one conditional update. Only that lets the old rows go: the
 * indexer, or the verification at the end, removes rows that their contact does not hold. A contact's version
 * and time stay what they are, because nothing of it has changed for those who read it.
 *
 * @throws {UnavailableError} when DynamoDB stays away; the next run goes on from there
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
    if (!options.signal?.aborted) await verifyIndex(deployment, job, options, keyring.newest);
  });
  const { rotated, unchanged, failed, outdated: remaining, added, removed, deferred } = job.state.counts;
  const status = done ? 'done' : 'stopped';
  return {
    status,
    resumed: job.resumed,
    rotated,
    unchanged,
    failed,
    remaining,
    added,
    removed,
    deferred,
  };
}

type RotationCounts = Record<'rotated' | 'unchanged' | 'failed', number>;

/** Works on one page of contacts. Those that somebody changed meanwhile are read again and have another round. */
function createRotator(
  deployment: IndexTables & { keyring: Keyring },
  { overlapMs = 3000, maxWritesPerSecond, onFailed }: RotationOptions,
) {
  const pace = createWriteThrottle(maxWritesPerSecond);

  return async function rotatePage(items: readonly ProfileItem[]): Promise<RotationCounts> {
    const counts = { rotated: 0, unchanged: 0, failed: 0 };
    let pending = items;
    for (let round = 0; pending.length > 0 && round < MAX_ROUNDS; round++) {
      const rotations = await prepare(pending, counts);
      if (rotations.length === 0) return counts;
      await addRows(deployment, rotations, pace);
      await setTimeout(overlapMs);
      pending = await replaceContacts(deployment, rotations, pace, counts);
    }
    for (const { pk } of pending) await fail(pk, 'CONTACT_CONFLICT', counts);
    return counts;
  };

  async function prepare(items: readonly ProfileItem[], counts: RotationCounts): Promise<Rotation[]> {
    const rotations: Rotation[] = [];
    for (const old of items) {
      if (old.keyVersion === deployment.keyring.newest) {
        counts.unchanged += 1;
        continue;
      }
      try {
        rotations.push(reencrypt(deployment.keyring, old));
      } catch (error) {
        const { code, name } = describeError(error);
        await fail(old.pk, code ?? name, counts);
      }
    }
    return rotations;
  }

  async function fail(pk: string, reason: string, counts: RotationCounts): Promise<void> {
    counts.failed += 1;
    await onFailed?.(pk, reason);
  }
}

function reencrypt(keyring: Keyring, old: ProfileItem): Rotation {
  const { contactId, version, updatedAt, ...body } = fromProfileItem(keyring, old);
  return { contactId, old, next: toProfileItem(keyring, contactId, body, { version, updatedAt }) };
}

/** Adds the rows under which the contacts will be found. Until then readers take them for another way to find the same. */
async function addRows(
  tables: IndexTables,
  rotations: readonly Rotation[],
  pace: WriteThrottle,
): Promise<void> {
  const rows = rotations.flatMap(({ contactId, next }) =>
    [...(next.keys ?? [])].map((hash) => ({ contactId, hash, present: true })),
  );
  for (const group of pace.groups(rows)) {
    await pace.take(group.length);
    const failed = await writeRows(tables, group);
    for (const error of failed.values()) throw error;
  }
}

/** Replaces contacts that are still as they were read, and returns the others as they are now. */
async function replaceContacts(
  tables: IndexTables,
  rotations: readonly Rotation[],
  pace: WriteThrottle,
  counts: RotationCounts,
): Promise<ProfileItem[]> {
  const changed: ProfileItem[] = [];
  const unused: ChangedHashes = new Map();
  await forEachConcurrent(rotations, UPDATE_CONCURRENCY, async ({ contactId, old, next }) => {
    await pace.take(1);
    if (await replaceContact(tables, old, next)) {
      counts.rotated += 1;
      return;
    }
    if (next.keys) unused.set(contactId, next.keys);
    const now = await readProfile(tables, old);
    if (now) changed.push(now);
  });
  // Rows were added for identifiers that the contact may no longer have.
  const { failed } = await reconcileIndex(tables, unused);
  for (const error of failed.values()) throw error;
  return changed;
}

/** False when the contact is not what it was any more: it was changed, deleted or rotated by another run. */
async function replaceContact(
  { client, contacts }: IndexTables,
  old: ProfileItem,
  next: ProfileItem,
): Promise<boolean> {
  const set = ['blob', 'keys', 'refKey', 'keyVersion'] as const;
  const present = set.filter((name) => next[name] !== undefined);
  const absent = set.filter((name) => next[name] === undefined);
  try {
    await client.send(
      new UpdateCommand({
        TableName: contacts,
        Key: { pk: old.pk, sk: old.sk },
        UpdateExpression: [
          `SET ${present.map((name) => `#${name} = :${name}`).join(', ')}`,
          ...(absent.length > 0 ? [`REMOVE ${absent.map((name) => `#${name}`).join(', ')}`] : []),
        ].join(' '),
        // Every encryption has a salt of its own, so the blob alone tells every change.
        ConditionExpression: '#blob = :old',
        ExpressionAttributeNames: Object.fromEntries(set.map((name) => [`#${name}`, name])),
        ExpressionAttributeValues: {
          ':old': old.blob,
          ...Object.fromEntries(present.map((name) => [`:${name}`, next[name]])),
        },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}

async function readProfile({ client, contacts }: IndexTables, { pk, sk }: ProfileItem) {
  const { Item } = await client.send(
    new GetCommand({ TableName: contacts, Key: { pk, sk }, ConsistentRead: true }),
  );
  return Item as ProfileItem | undefined;
}
