import {
  BatchWriteCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { asUnavailable, ConflictError } from '#core/platform/errors.ts';
import type { Keyring } from '#core/platform/keys/index.ts';
import type { ContactBody, ContactWithAudiences } from './contact.ts';
import { fromItemCollection, toProfileItem } from './items.ts';
import { contactKey, contactPartition } from './keys.ts';

/** Where contacts are kept, and the keys that open them. */
export interface ContactStore {
  client: DynamoDBDocumentClient;
  /** The name of ContactsTable. */
  contacts: string;
  keyring: Keyring;
}

/**
 * Reads a contact as the last write left it.
 *
 * @returns undefined when there is no such contact
 * @throws {CipherError} when what is stored cannot be opened
 * @throws {UnavailableError}
 */
export async function getContact(
  store: ContactStore,
  contactId: string,
): Promise<ContactWithAudiences | undefined> {
  const items: Record<string, unknown>[] = [];
  let next: Record<string, unknown> | undefined;
  do {
    const page = await send(store.client.send(new QueryCommand(collectionQuery(store, contactId, next))));
    items.push(...(page.Items ?? []));
    next = page.LastEvaluatedKey;
  } while (next);
  return fromItemCollection(store.keyring, items);
}

/**
 * Creates or replaces a contact.
 *
 * @param options `version`: only if the contact is at this version, 0 for "does not exist yet"; `now`: the time
 * @returns the version it has now
 * @throws {ConflictError} `VERSION_CONFLICT`, naming the current version
 * @throws {UnavailableError}
 */
export async function putContact(
  store: ContactStore,
  contactId: string,
  body: ContactBody,
  options: { version?: number | undefined; now?: Date } = {},
): Promise<number> {
  const request = buildPutRequest(store, contactId, body, options);
  try {
    const { Attributes } = await send(store.client.send(new UpdateCommand(request)));
    return Number(Attributes?.version);
  } catch (error) {
    const stored = readStoredVersion(error);
    // The SDK repeats a write whose answer was lost. Every encryption has a salt of its own, so the blob tells ours.
    const { ':blob': ours } = request.ExpressionAttributeValues as { ':blob'?: Uint8Array };
    if (ours && stored.blob && Buffer.compare(ours, stored.blob) === 0) return stored.version;
    throw versionConflict(stored.version, options.version);
  }
}

/** Pure: one update gives the item its next version without reading it first. */
export function buildPutRequest(
  { contacts, keyring }: Pick<ContactStore, 'contacts' | 'keyring'>,
  contactId: string,
  body: ContactBody,
  { version: expected, now = new Date() }: { version?: number | undefined; now?: Date } = {},
) {
  const item = toProfileItem(keyring, contactId, body, { version: 0, updatedAt: now.toISOString() });
  const { pk, sk, version, ...fields } = item;
  const names = ['blob', 'keys', 'refKey', 'keyVersion', 'updatedAt'] as const;
  const set = names.filter((name) => fields[name] !== undefined);
  const remove = names.filter((name) => fields[name] === undefined);
  return {
    TableName: contacts,
    Key: { pk, sk },
    UpdateExpression: [
      `SET #version = if_not_exists(#version, :zero) + :one, ${set.map((name) => `#${name} = :${name}`).join(', ')}`,
      ...(remove.length > 0 ? [`REMOVE ${remove.map((name) => `#${name}`).join(', ')}`] : []),
    ].join(' '),
    ...conditionOn(expected),
    ExpressionAttributeNames: Object.fromEntries(['version', ...names].map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: {
      ':zero': 0,
      ':one': 1,
      ...(expected ? { ':expected': expected } : {}),
      ...Object.fromEntries(set.map((name) => [`:${name}`, fields[name]])),
    },
    ReturnValues: 'UPDATED_NEW' as const,
  };
}

/**
 * Deletes a contact and everything beside it. Doing it again finishes what a crash left undone.
 *
 * @param version only if the contact is at this version
 * @returns whether there was anything to delete
 * @throws {ConflictError} `VERSION_CONFLICT`, naming the current version
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
      : {
          ConditionExpression: 'attribute_not_exists(pk) OR #version = :expected',
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: { ':expected': version },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
        }),
  });
  // The profile goes first: from then on nobody can read the contact, whatever happens to the rest.
  const { Attributes } = await send(store.client.send(profile)).catch((error: unknown) => {
    throw versionConflict(readStoredVersion(error).version, version);
  });
  const rest = await deleteRemainingItems(store, contactId);
  return Attributes !== undefined || rest;
}

async function deleteRemainingItems(store: ContactStore, contactId: string): Promise<boolean> {
  for (let found = false; ; found = true) {
    const page = await send(
      store.client.send(
        new QueryCommand({ ...collectionQuery(store, contactId), ProjectionExpression: 'pk, sk', Limit: 25 }),
      ),
    );
    // A contact created anew meanwhile is not ours to delete.
    const keys = (page.Items ?? []).filter(({ sk }) => sk !== contactKey(contactId).sk);
    if (keys.length === 0) return found;
    const requests = keys.map((Key) => ({ DeleteRequest: { Key } }));
    // What is left unprocessed is found by the next Query.
    await send(store.client.send(new BatchWriteCommand({ RequestItems: { [store.contacts]: requests } })));
  }
}

/** The whole item collection of a contact, consistently. */
function collectionQuery(
  store: ContactStore,
  contactId: string,
  ExclusiveStartKey?: Record<string, unknown> | undefined,
) {
  return {
    TableName: store.contacts,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': contactPartition(contactId) },
    ConsistentRead: true,
    ExclusiveStartKey,
  };
}

function conditionOn(expected: number | undefined) {
  if (expected === undefined) return {};
  return {
    ConditionExpression: expected === 0 ? 'attribute_not_exists(pk)' : '#version = :expected',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  };
}

/**
 * What is stored instead of what a condition expected; version 0 when nothing is.
 *
 * @throws the error itself when it is another one
 */
function readStoredVersion(error: unknown): { version: number; blob?: Uint8Array } {
  if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error;
  const { Item } = error as { Item?: { version?: { N?: string }; blob?: { B?: Uint8Array } } };
  const version = Number(Item?.version?.N ?? 0);
  return Item?.blob?.B ? { version, blob: Item.blob.B } : { version };
}

function versionConflict(current: number, expected: number | undefined): ConflictError {
  const is = current === 0 ? 'does not exist (version 0)' : `is at version ${current}`;
  return new ConflictError(
    'VERSION_CONFLICT',
    `The contact ${is}, not at version ${expected}. Read it again and repeat the change.`,
    { field: 'version' },
  );
}

function send<T>(call: Promise<T>): Promise<T> {
  return asUnavailable('ContactsTable', call);
}
