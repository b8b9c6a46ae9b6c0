import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  type QueryCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { batchWrite } from '#core/platform/dynamodb/batch.ts';
import { attemptWrite, type Condition, ifAttributesAre } from '#core/platform/dynamodb/conditions.ts';
import { queryAll } from '#core/platform/dynamodb/paginate.ts';
import { updateExpression } from '#core/platform/dynamodb/update-expression.ts';
import { asUnavailable, ConflictError } from '#core/platform/errors.ts';
import type { Keyring } from '#core/platform/keys/index.ts';
import type { ContactBody, ContactWithAudiences } from './contact.ts';
import { fromItemCollection, type ProfileItem, toProfileItem, updatedAttributes } from './items.ts';
import { contactKey, contactPartition, PROFILE } from './table-keys.ts';

/** The table of the contacts, and the keys that decrypt them. */
export interface ContactStore {
  client: DynamoDBDocumentClient;
  /** The name of ContactsTable. */
  contacts: string;
  keyring: Keyring;
}

/**
 * Reads a contact, with every write that completed before.
 *
 * @returns undefined when there is no such contact
 * @throws {CipherError} when the stored contact cannot be decrypted
 * @throws {UnavailableError}
 */
export async function getContact(
  store: ContactStore,
  contactId: string,
): Promise<ContactWithAudiences | undefined> {
  const items = await available(queryAll(store.client, collectionQuery(store.contacts, contactId)));
  return fromItemCollection(store.keyring, items);
}

/**
 * Creates or replaces a contact.
 *
 * @param options `version`: only if the contact is at this version, 0 for "does not exist yet"; `now`: the time
 * @returns the version that it has now
 * @throws {ConflictError} `VERSION_CONFLICT`, with the current version in its message
 * @throws {UnavailableError}
 */
export async function putContact(
  store: ContactStore,
  contactId: string,
  body: ContactBody,
  options: { version?: number | undefined; now?: Date } = {},
): Promise<number> {
  const { version: expected, now = new Date() } = options;
  const item = toProfileItem(store.keyring, contactId, body, { version: 0, updatedAt: now.toISOString() });
  const update = new UpdateCommand({
    TableName: store.contacts,
    Key: contactKey(contactId),
    // One update gives the item its next version without reading it first.
    ...updateExpression({
      set: { ...updatedAttributes(item), updatedAt: item.updatedAt },
      add: { version: 1 },
      when: expected === undefined ? undefined : ifVersionIs(expected),
    }),
    ReturnValues: 'UPDATED_NEW',
    ...(expected === undefined ? {} : { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
  });
  const write = await attemptWrite(available(store.client.send(update)));
  if (write.kind === 'WRITTEN') return Number(write.output.Attributes?.version);
  const stored = write.stored as ProfileItem | undefined;
  // The SDK repeats a write whose response was lost. Every encryption has its own salt, so the blob identifies our write.
  if (stored?.blob && Buffer.compare(item.blob, stored.blob) === 0) return stored.version;
  throw versionConflict(stored, expected);
}

/**
 * Deletes a contact and its memberships. Delete it again to finish a deletion that was interrupted.
 *
 * @param version only if the contact is at this version
 * @returns whether there was anything to delete
 * @throws {ConflictError} `VERSION_CONFLICT`, with the current version in its message
 * @throws {UnavailableError}
 */
export async function deleteContact(
  store: ContactStore,
  contactId: string,
  version?: number | undefined,
): Promise<boolean> {
  const profile = new DeleteCommand({
    TableName: store.contacts,
    Key: contactKey(contactId),
    ReturnValues: 'ALL_OLD',
    ...(version === undefined
      ? {}
      : { ...ifAbsentOrVersionIs(version), ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
  });
  // The profile goes first: from then on nothing reads the contact, even if the rest fails.
  const write = await attemptWrite(available(store.client.send(profile)));
  if (write.kind === 'CONDITION_FAILED') throw versionConflict(write.stored, version);
  const deletedRest = await deleteRemainingItems(store, contactId);
  return write.output.Attributes !== undefined || deletedRest;
}

async function deleteRemainingItems({ client, contacts }: ContactStore, contactId: string): Promise<boolean> {
  const query = { ...collectionQuery(contacts, contactId), ProjectionExpression: 'pk, sk' };
  // Reads again after each deletion: an item that was written meanwhile must not outlive its contact.
  for (let found = false; ; found = true) {
    // Another process may have created the contact again since: its profile stays.
    const keys = (await available(queryAll(client, query))).filter(({ sk }) => sk !== PROFILE);
    if (keys.length === 0) return found;
    const requests = keys.map((Key) => ({ DeleteRequest: { Key } }));
    await available(batchWrite(client, contacts, requests));
  }
}

/** The whole item collection of a contact, read consistently. */
export function collectionQuery(contacts: string, contactId: string): QueryCommandInput {
  return {
    TableName: contacts,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': contactPartition(contactId) },
    ConsistentRead: true,
  };
}

/** Version 0 means that the contact does not exist. */
function ifVersionIs(version: number): Required<Condition> {
  return ifAttributesAre({ version: version === 0 ? undefined : version });
}

function ifAbsentOrVersionIs(version: number): Required<Condition> {
  const condition = ifAttributesAre({ version });
  return {
    ...condition,
    ConditionExpression: `attribute_not_exists(pk) OR ${condition.ConditionExpression}`,
  };
}

function versionConflict(stored: { version?: number } | undefined, expected: number | undefined) {
  const state = stored ? `is at version ${stored.version}` : 'does not exist (version 0)';
  return new ConflictError(
    'VERSION_CONFLICT',
    `The contact ${state}, not at version ${expected}. Read it again and repeat the change.`,
    { field: 'version' },
  );
}

function available<T>(call: Promise<T>): Promise<T> {
  return asUnavailable('ContactsTable', call);
}
