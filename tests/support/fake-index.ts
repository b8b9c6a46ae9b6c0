import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { IndexTables } from '#core/contacts/indexing/index.ts';

type Write = { PutRequest?: { Item: Row }; DeleteRequest?: { Key: Row } };
type Row = { pk: string; sk: string };
type Call = { kind: 'read'; ids: string[] } | { kind: 'write'; rows: Write[] };

export interface FakeIndex extends IndexTables {
  /** The hashes that each contact has now. */
  current: Map<string, Set<string>>;
  /** The rows, as `hash/contact ID`. */
  rows: Set<string>;
  calls: Call[];
}

/**
 * Contacts and their index in memory.
 *
 * @param before gets each call before it takes effect; it may change the contacts, throw, or return the
 * answer
 */
export function createFakeIndex(
  contacts: Record<string, string[]>,
  before: (call: Call, index: FakeIndex) => object | undefined = () => undefined,
): FakeIndex {
  const send = async ({ input }: { input: { RequestItems: Record<string, unknown> } }) => {
    const { contacts: read, lookup: write } = input.RequestItems;
    const call: Call = read
      ? { kind: 'read', ids: (read as { Keys: Row[] }).Keys.map(({ pk }) => pk.replace('CONTACT#', '')) }
      : { kind: 'write', rows: write as Write[] };
    index.calls.push(call);
    const given = before(call, index);
    if (given) return given;
    return call.kind === 'read' ? answerRead(index, call.ids) : answerWrite(index, call.rows);
  };
  const index: FakeIndex = {
    client: { send } as unknown as DynamoDBDocumentClient,
    contacts: 'contacts',
    lookup: 'lookup',
    current: new Map(Object.entries(contacts).map(([id, keys]) => [id, new Set(keys)])),
    rows: new Set(),
    calls: [],
  };
  return index;
}

function answerRead({ current }: FakeIndex, ids: string[]) {
  const known = ids.filter((id) => current.has(id));
  return { Responses: { contacts: known.map((id) => ({ pk: `CONTACT#${id}`, keys: current.get(id) })) } };
}

function answerWrite({ rows }: FakeIndex, writes: Write[]) {
  for (const { PutRequest, DeleteRequest } of writes) {
    if (PutRequest) rows.add(`${PutRequest.Item.pk}/${PutRequest.Item.sk}`);
    if (DeleteRequest) rows.delete(`${DeleteRequest.Key.pk}/${DeleteRequest.Key.sk}`);
  }
  return {};
}
