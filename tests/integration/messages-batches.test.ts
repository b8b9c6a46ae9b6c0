import { DeleteCommand, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Context } from 'aws-lambda';
import { createMessagesApi } from '#core/messages/api/routes.ts';
import { decryptBody, type MessageState } from '#core/messages/message.ts';
import { messageKey, partsOfMessageId } from '#core/messages/table-keys.ts';
import { createApiHandler } from '#core/platform/handlers/rest-api.ts';
import { testKeyring, watchClient } from '#support/contacts.ts';
import { acceptEnv, OURS, putNumber, storedMessages } from '#support/messages.ts';
import { openApi } from '#support/openapi.ts';
import { apiEvent } from '#support/rest.ts';
import { type FreshTables, freshTables } from '#support/tables.ts';

const api = openApi();
const CONTEXT = { getRemainingTimeInMillis: () => 29_000 } as Context;
const QUIET = { from: '21:00', until: '08:00' };

let tables: FreshTables;
/** The item of each accepted message, by its idempotency key. */
const items = new Map<string, ReturnType<typeof messageKey>>();
let calls: string[];
let outage: ((name: string) => string | undefined) | undefined;
let handler: ReturnType<typeof createApiHandler>;

beforeAll(async () => {
  tables = await freshTables();
  const { client } = watchClient(tables.client, {
    fail: (name) => {
      calls.push(name);
      return outage?.(name);
    },
  });
  await putNumber(tables, OURS, { pool: 'direct', state: 'ASSIGNED' });
  const env = { ...acceptEnv(tables), ALLOW_UNKNOWN_RECIPIENTS: true };
  const parts = { client, keyring: async () => testKeyring() };
  handler = createApiHandler('messages-api', createMessagesApi(env, parts));
});

beforeEach(() => {
  calls = [];
  outage = undefined;
});

let keys = 0;
const newKeys = (count: number) => Array.from({ length: count }, () => `key-${keys++}`);
/** Each message has its own recipient, and its key as its content. */
const ndjson = (some: string[]) =>
  some
    .map((key) =>
      JSON.stringify({
        idempotencyKey: key,
        fromPhoneNumber: OURS,
        toPhoneNumber: `+1416555${1_000 + Number(key.slice('key-'.length))}`,
        content: key,
      }),
    )
    .join('\n');

async function call(method: string, path: string, body?: string, query: Record<string, string> = {}) {
  const route = path.startsWith('/sms/batches/') ? '/sms/batches/{trackingId}' : path;
  const result = await handler(apiEvent(method, path, { body, query }) as never, CONTEXT);
  const answer = JSON.parse(result.body);
  expect(api.responseFaults(method, route, result.statusCode, answer)).toBe('');
  return { status: result.statusCode, body: answer };
}

const sendMany = (body: string | undefined, query = {}) => call('POST', '/sms/send/many', body, query);

async function sent(some: string[]): Promise<string> {
  const { status, body } = await sendMany(ndjson(some));
  expect({ status, accepted: body.accepted, errors: body.errors }).toEqual({
    status: 202,
    accepted: some.length,
    errors: [],
  });
  await findItems();
  return body.trackingId;
}

async function findItems(): Promise<void> {
  for (const message of await storedMessages(tables)) {
    const parts = partsOfMessageId(message.messageId);
    if (parts) items.set(decryptBody(testKeyring(), message).content, messageKey(parts));
  }
}

async function end(idempotencyKey: string, state: MessageState): Promise<void> {
  await tables.client.send(
    new UpdateCommand({
      TableName: tables.messages,
      Key: keyOf(idempotencyKey),
      UpdateExpression: 'SET #state = :state',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':state': state },
    }),
  );
}

function keyOf(idempotencyKey: string) {
  const key = items.get(idempotencyKey);
  if (!key) throw new Error(`${idempotencyKey} was not accepted.`);
  return key;
}

async function batch(trackingId: string) {
  const { status, body } = await call('GET', `/sms/batches/${trackingId}`);
  expect(status).toBe(200);
  return body;
}

test('a batch is in progress until no message is pending, and counts each state', async () => {
  const some = newKeys(7);
  const trackingId = await sent(some);
  expect(await batch(trackingId)).toMatchObject({
    trackingId,
    status: 'IN_PROGRESS',
    total: 7,
    accepted: 7,
    duplicates: 0,
    pending: 7,
    sent: 0,
    errorCount: 0,
    errors: [],
  });

  const ends: MessageState[] = ['SENT', 'SENT', 'FAILED', 'STORED', 'SUPPRESSED', 'UNKNOWN', 'WAITING'];
  for (const [i, state] of ends.entries()) await end(some[i] ?? '', state);
  expect(await batch(trackingId)).toMatchObject({ status: 'IN_PROGRESS', pending: 1, unknown: 1 });

  await end(some[6] ?? '', 'SENT');
  expect(await batch(trackingId)).toMatchObject({
    status: 'DONE',
    pending: 0,
    sent: 3,
    failed: 1,
    stored: 1,
    suppressed: 1,
    unknown: 1,
    deleted: 0,
  });
});

test('messages in final states are not read again, and stay counted after they were deleted', async () => {
  const some = newKeys(202);
  const trackingId = await sent(some);
  await Promise.all(some.slice(0, 201).map((key) => end(key, 'SENT')));
  expect(await batch(trackingId)).toMatchObject({ status: 'IN_PROGRESS', sent: 201, pending: 1 });

  calls = [];
  await end(some[201] ?? '', 'SENT');
  expect(await batch(trackingId)).toMatchObject({ status: 'DONE', sent: 202 });
  expect(calls.filter((name) => name === 'Update')).toHaveLength(1);

  for (const key of some.slice(0, 10)) await remove(key);
  calls = [];
  expect(await batch(trackingId)).toMatchObject({ status: 'DONE', sent: 202, deleted: 0 });
  expect(calls).toEqual(['Query']);
});

const readIn = (some: string[]) => some.filter((name) => name === 'BatchGet').length;

test('messages in final states are not read again because of one UNKNOWN message', async () => {
  const some = newKeys(150);
  const trackingId = await sent(some);
  await Promise.all(some.map((key, i) => end(key, i === 0 ? 'UNKNOWN' : 'SENT')));
  expect(await batch(trackingId)).toMatchObject({ status: 'DONE', sent: 149, unknown: 1 });

  for (const key of some.slice(1, 10)) await remove(key);
  calls = [];
  expect(await batch(trackingId)).toMatchObject({ status: 'DONE', sent: 149, unknown: 1, deleted: 0 });
  expect(calls).toEqual(['Query', 'BatchGet']);

  await end(some[0] ?? '', 'FAILED');
  expect(await batch(trackingId)).toMatchObject({ sent: 149, failed: 1, unknown: 0 });
  calls = [];
  expect(await batch(trackingId)).toMatchObject({ sent: 149, failed: 1, unknown: 0 });
  expect(calls).toEqual(['Query']);
});

test('the final states of a batch are written in parts, not one by one', async () => {
  const some = newKeys(150);
  const trackingId = await sent(some);
  await Promise.all(some.slice(0, 10).map((key) => end(key, 'SENT')));
  calls = [];
  expect(await batch(trackingId)).toMatchObject({ sent: 10, pending: 140 });
  expect(calls).not.toContain('Update');
  await Promise.all(some.slice(10, 60).map((key) => end(key, 'SENT')));
  calls = [];
  expect(await batch(trackingId)).toMatchObject({ sent: 60, pending: 90 });
  expect(readIn(calls)).toBe(2);
  calls = [];
  expect(await batch(trackingId)).toMatchObject({ sent: 60, pending: 90 });
  expect(readIn(calls)).toBe(1);
});

test('concurrent requests write the same final states', async () => {
  const some = newKeys(5);
  const trackingId = await sent(some);
  for (const key of some) await end(key, 'STORED');

  const answers = await Promise.all(Array.from({ length: 5 }, () => batch(trackingId)));

  for (const answer of answers) expect(answer).toMatchObject({ status: 'DONE', stored: 5 });
  expect(await batch(trackingId)).toMatchObject({ stored: 5 });
});

test('deleted messages are counted', async () => {
  const some = newKeys(3);
  const trackingId = await sent(some);
  for (const key of some) await remove(key);

  expect(await batch(trackingId)).toMatchObject({ status: 'DONE', accepted: 3, deleted: 3 });
});

test('a message in two batches is sent once, and counts in both', async () => {
  const [shared = '', ...others] = newKeys(3);
  const first = await sent([shared, others[0] ?? '']);
  const second = await sent([shared, others[1] ?? '', shared]);
  await end(shared, 'SENT');

  expect(await batch(first)).toMatchObject({ accepted: 2, duplicates: 0, sent: 1, pending: 1 });
  expect(await batch(second)).toMatchObject({ accepted: 3, duplicates: 2, sent: 2, pending: 1 });
});

test('the quiet hours of a batch apply to each message', async () => {
  const [key = ''] = newKeys(1);

  expect(await sendMany(ndjson([key]), { quietFrom: '21:00', quietUntil: '08:00' })).toMatchObject({
    status: 202,
  });
  await findItems();

  const { Item } = await tables.client.send(new GetCommand({ TableName: tables.messages, Key: keyOf(key) }));
  expect(Item).toMatchObject({ origin: 'batch', quiet: QUIET });
});

test.each([
  [{ quietFrom: '21:00' }, 'INVALID_QUIET_HOURS', 'quietUntil'],
  [{ quietFrom: '21:00', quietUntil: '8' }, 'INVALID_QUIET_HOURS', 'quietUntil'],
  [{ quietFrom: '', quietUntil: '' }, 'INVALID_QUIET_HOURS', 'quietUntil'],
  [{ quietHours: '21-8' }, 'UNKNOWN_FIELD', 'query'],
])('query parameters %j are rejected before a line is read', async (query, code, field) => {
  expect(await sendMany('{', query)).toMatchObject({ status: 400, body: { error: { code, field } } });
  expect(calls).toEqual([]);
});

test('a body that is too large is rejected, with the limit', async () => {
  const { status, body } = await sendMany(' '.repeat(5_000_001));

  expect(status).toBe(413);
  expect(body.error).toMatchObject({
    code: 'BODY_TOO_LARGE',
    message: expect.stringMatching(/5000001 bytes; the maximum is 5000000/),
  });
  expect(calls).toEqual([]);
});

test('a body without lines is rejected', async () => {
  expect(await sendMany(undefined)).toMatchObject({ status: 400, body: { error: { code: 'EMPTY_BODY' } } });
  expect(await sendMany('\n \r\n')).toMatchObject({ status: 400, body: { error: { code: 'EMPTY_BODY' } } });
});

test('a missing batch is not found', async () => {
  for (const id of ['2f7c1f9e-0000-4000-8000-000000000000', 'x', '%F0%9F%98%80']) {
    expect(await call('GET', `/sms/batches/${id}`)).toMatchObject({
      status: 404,
      body: { error: { code: 'BATCH_NOT_FOUND' } },
    });
  }
  // An invalid ID does not reach the table.
  expect(calls).toEqual(['Query']);
});

test('the status returns 503 during an outage of the table', async () => {
  const trackingId = await sent(newKeys(1));
  for (const failing of ['Query', 'BatchGet']) {
    outage = (name) => (name === failing ? 'InternalServerError' : undefined);
    expect(await call('GET', `/sms/batches/${trackingId}`)).toMatchObject({ status: 503 });
  }
});

async function remove(idempotencyKey: string): Promise<void> {
  await tables.client.send(new DeleteCommand({ TableName: tables.messages, Key: keyOf(idempotencyKey) }));
}
