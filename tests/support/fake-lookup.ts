import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type ContactBody, type LookupIndex, toProfileItem } from '#core/contacts/index.ts';
import type { Keyring } from '#core/platform/keys/index.ts';
import { createPolicy, defaultPolicy } from '#core/platform/resilience/policy.ts';
import { contactBody } from './contacts.ts';

type Answer = object | Promise<object>;

/**
 * A source of lookups that answers from memory.
 *
 * @param before gets the table of each call first; its return value is the answer, and what it throws the error
 */
export function createFakeLookupIndex({
  rows = {},
  items = [],
  before = () => undefined,
}: {
  /** The contact IDs of each hash. */
  rows?: Record<string, string[]>;
  /** The items of ContactsTable. */
  items?: { pk: string; sk: string }[];
  before?: (table: 'lookup' | 'contacts') => Answer | undefined;
}): LookupIndex & { calls: string[] } {
  const calls: string[] = [];
  const answerTo = (input: {
    TableName?: string;
    ExpressionAttributeValues?: Record<string, string>;
    RequestItems?: Record<string, { Keys: { pk: string }[] }>;
  }): Answer => {
    const table = input.TableName === 'lookup' ? 'lookup' : 'contacts';
    calls.push(table);
    const given = before(table);
    if (given) return given;
    if (input.RequestItems) {
      const keys = input.RequestItems.contacts?.Keys.map(({ pk }) => pk) ?? [];
      return { Responses: { contacts: items.filter(({ pk, sk }) => sk === 'PROFILE' && keys.includes(pk)) } };
    }
    const [value = ''] = Object.values(input.ExpressionAttributeValues ?? {});
    if (table === 'lookup') return { Items: (rows[value] ?? []).map((sk) => ({ pk: value, sk })) };
    return { Items: items.filter(({ pk }) => pk === value) };
  };
  const send = async ({ input }: { input: object }) => answerTo(input);
  const policy = (name: string) =>
    createPolicy({ ...defaultPolicy, name, budgetMs: 10_000, retries: 1, attemptMs: 5_000 });
  return {
    client: { send } as unknown as DynamoDBDocumentClient,
    contacts: 'contacts',
    lookup: 'lookup',
    callContacts: policy('ContactsTable'),
    callLookup: policy('LookupTable'),
    calls,
  };
}

/** A contact that is stored and indexed, for `fakeSource`. */
export function storedContact(keyring: Keyring, contactId: string, parts: Partial<ContactBody>, minute = 0) {
  const updatedAt = new Date(minute * 60_000).toISOString();
  return toProfileItem(keyring, contactId, contactBody(parts), { version: 1, updatedAt });
}
