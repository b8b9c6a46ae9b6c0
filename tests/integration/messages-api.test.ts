import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { createMessagesApi } from '#core/messages/api/routes.ts';
import { type Message, type MessageStatus, messageItem } from '#core/messages/message.ts';
import { messageKey, partsOfMessageId } from '#core/messages/table-keys.ts';
import { createApiHandler } from '#core/platform/handlers/rest-api.ts';
import { createPageToken } from '#core/platform/page-token.ts';
import { testKeyring, watchClient } from '#support/contacts.ts';
import {
  acceptEnv,
  accepting,
  forgetMessages,
  JANE,
  OURS,
  putSenderRecipient,
  sms,
  storedMessages,
} from '#support/messages.ts';
import { openApi } from '#support/openapi.ts';
import { apiEvent } from '#support/rest.ts';
import { type FreshTables, freshTables } from '#support/tables.ts';

const api = openApi();
const NOW = '2026-01-01T12:00:00.000Z';
const unknown = (since: string): MessageStatus => ({ state: 'UNKNOWN', since, reason: 'NO_RESPONSE' });

let tables: FreshTables;
let outage: string | undefined;
let handler: ReturnType<typeof createApiHandler>;

beforeAll(async () => {
  tables = await freshTables();
  await putSenderRecipient(tables);
  const { client } = watchClient(tables.client, { fail: () => outage });
  const clock = { now: () => Date.parse(NOW), sleep: async () => undefined, random: () => 0 };
  const parts = { client, clock, keyring: async () => testKeyring() };
  handler = createApiHandler('messages-api', createMessagesApi(acceptEnv(tables), parts));
});

beforeEach(async () => {
  outage = undefined;
  await forgetMessages(tables);
});

const one = (parts: object = {}) => ({
  sms: { idempotencyKey: 'order-17', fromPhoneNumber: OURS, toPhoneNumber: JANE, content: 'Hello', ...parts },
});

/** Calls the API, and holds what it answers against docs/openapi.yaml. */
async function call(
  method: string,
  route: string,
  body?: string | object,
  parts: { id?: string; query?: string } = {},
) {
  const path = route.replace('{messageId}', encodeURIComponent(parts.id ?? ''));
  const query = Object.fromEntries(new URLSearchParams(parts.query));
  const event = apiEvent(method, path, { body, query }) as unknown as APIGatewayProxyEvent;
  const reply = await handler(event, {} as Context);
  const answer = { status: reply.statusCode, body: JSON.parse(reply.body) };
  expect(api.responseFaults(method, route, answer.status, answer.body)).toBe('');
  return answer;
}

/** Gives an accepted message another state, as a dispatcher would. */
async function become(status: MessageStatus, key = 'order-17'): Promise<Message> {
  const { messageId } = await accepting(tables)(sms({ idempotencyKey: key }));
  const message = (await storedMessages(tables)).find((stored) => stored.messageId === messageId);
  if (!message) throw new Error('The message is not stored.');
  const Item = messageItem({ ...message, status });
  await tables.client.send(new PutCommand({ TableName: tables.messages, Item }));
  return { ...message, status };
}

describe('POST /sms/send/one', () => {
  it('accepts a message, and reports a repeated one as a duplicate', async () => {
    const request = one({ content: '😀'.repeat(36) });
    const first = await call('POST', '/sms/send/one', request);
    const again = await call('POST', '/sms/send/one', request);

    expect(first).toMatchObject({
      status: 200,
      body: { sent: true, duplicate: false, segments: 2, encoding: 'UCS-2' },
    });
    expect(again.body).toEqual({ ...first.body, duplicate: true });
    expect(await storedMessages(tables)).toMatchObject([{ origin: 'api' }]);
  });

  it.each([
    ['an empty key', { idempotencyKey: ' ' }, 'INVALID_IDEMPOTENCY_KEY', 'idempotencyKey'],
    ['bytes that are not UTF-8', { content: 'MARKED \ufffd' }, 'INVALID_UTF8', 'content'],
    ['a lone surrogate', { content: 'MARKED \ud83d' }, 'INVALID_CONTENT', 'content'],
    ['a name', { toPhoneNumber: 'MARKED' }, 'INVALID_PHONE_NUMBER', 'toPhoneNumber'],
    ['a number as a number', { toPhoneNumber: 14155550100 }, 'INVALID_BODY', 'toPhoneNumber'],
    ['a field that is not known', { quiet: true }, 'UNKNOWN_FIELD', 'quiet'],
  ])('refuses %s, names the field, and repeats nothing', async (_, parts, code, field) => {
    const { status, body } = await call('POST', '/sms/send/one', one(parts));

    expect({ status, ...body.error }).toMatchObject({ status: 400, code, field });
    expect(body.error.message).not.toContain('MARKED');
    expect(await storedMessages(tables)).toEqual([]);
  });

  it.each([
    ['{"sms": {', 'INVALID_JSON'],
    ['[]', 'INVALID_BODY'],
    ['{}', 'INVALID_BODY'],
    ['{"sms": "text"}', 'INVALID_BODY'],
    ['{"sms": []}', 'INVALID_BODY'],
    ['{"sms": {}, "more": 1}', 'UNKNOWN_FIELD'],
  ])('refuses the body %s', async (body, code) => {
    expect(await call('POST', '/sms/send/one', body)).toMatchObject({
      status: 400,
      body: { error: { code } },
    });
  });

  it('rejects the key of another message', async () => {
    await call('POST', '/sms/send/one', one());

    expect(await call('POST', '/sms/send/one', one({ content: 'Good bye' }))).toMatchObject({
      status: 422,
      body: { error: { code: 'IDEMPOTENCY_KEY_REUSED' } },
    });
  });

  it('returns 503 during an outage of a table, and accepts the same message afterwards', async () => {
    outage = 'InternalServerError';
    expect(await call('POST', '/sms/send/one', one())).toMatchObject({
      status: 503,
      body: { error: { code: 'UNAVAILABLE' } },
    });
    outage = undefined;

    expect(await call('POST', '/sms/send/one', one())).toMatchObject({ body: { duplicate: false } });
  });
});

describe('GET /sms/messages/{messageId}', () => {
  const route = '/sms/messages/{messageId}';

  it.each<MessageStatus>([
    { state: 'ACCEPTED', dueAt: NOW },
    { state: 'WAITING', dueAt: NOW, reason: 'QUIET_HOURS' },
    { state: 'SENDING', dueAt: NOW, claim: 'MARKED', claimedAt: NOW },
    { state: 'SENT', endedAt: NOW, providerMessageId: 'p' },
    { state: 'FAILED', endedAt: NOW, reason: 'EXPIRED' },
    unknown(NOW),
    { state: 'STORED', endedAt: NOW },
    { state: 'SUPPRESSED', endedAt: NOW, reason: 'OPTED_OUT' },
  ])('tells that a message is $state, and neither its content nor its recipient', async (status) => {
    const { messageId } = await become(status);
    const { body } = await call('GET', route, undefined, { id: messageId });

    expect(body).toMatchObject({ messageId, state: status.state, fromPhoneNumber: OURS, segments: 1 });
    expect(JSON.stringify(body)).not.toMatch(/Hello|4155550100|MARKED|blob/);
  });

  it('returns the state and the reason of a message without a body', async () => {
    const { messageId } = await become({ state: 'FAILED', reason: 'UNREADABLE', endedAt: NOW });
    const id = partsOfMessageId(messageId);
    if (!id) throw new Error('No id.');
    const request = { TableName: tables.messages, Key: messageKey(id), UpdateExpression: 'REMOVE #blob' };
    await tables.client.send(
      new UpdateCommand({ ...request, ExpressionAttributeNames: { '#blob': 'blob' } }),
    );

    expect(await call('GET', route, undefined, { id: messageId })).toMatchObject({
      status: 200,
      body: { messageId, state: 'FAILED', reason: 'UNREADABLE' },
    });
  });

  it.each(['17', '01ARZ3NDEKTSV4RRFFQ69G5FAV.', `01ARZ3NDEKTSV4RRFFQ69G5FAV.${'x'.repeat(43)}`])(
    'knows no message %s',
    async (id) => {
      expect(await call('GET', route, undefined, { id })).toMatchObject({
        status: 404,
        body: { error: { code: 'MESSAGE_NOT_FOUND', field: 'messageId' } },
      });
    },
  );
});

describe('GET /sms/messages?state=UNKNOWN', () => {
  const list = async (query: string) => (await call('GET', '/sms/messages', undefined, { query })).body;

  it('lists UNKNOWN messages page by page, the oldest first', async () => {
    const times = [3, 1, 5, 2, 4].map((minute) => `2026-01-01T00:0${minute}:00.000Z`);
    for (const [index, since] of times.entries()) await become(unknown(since), `order-${index}`);
    await become({ state: 'SENT', endedAt: NOW }, 'sent');
    const first = await list('state=UNKNOWN&limit=2');
    const second = await list(`state=UNKNOWN&limit=2&nextToken=${first.nextToken}`);
    const third = await list(`state=UNKNOWN&limit=2&nextToken=${second.nextToken}`);

    const pages = [first, second, third].flatMap(({ messages }) => messages);
    expect(pages.map(({ since }: { since: string }) => since)).toEqual(times.toSorted());
    expect(first.nextToken).toEqual(expect.any(String));
    expect(third.messages).toHaveLength(1);
  });

  it('is empty without UNKNOWN messages', async () => {
    await call('POST', '/sms/send/one', one());
    expect(await list('state=UNKNOWN')).toEqual({ messages: [] });
  });

  it.each([
    ['', 'INVALID_QUERY'],
    ['state=SENT', 'INVALID_QUERY'],
    ['state=UNKNOWN&limit=0', 'INVALID_QUERY'],
    ['state=UNKNOWN&limit=101', 'INVALID_QUERY'],
    ['state=UNKNOWN&nextToken=x', 'INVALID_TOKEN'],
    [`state=UNKNOWN&nextToken=${createPageToken(['messages', 'UNKNOWN'], 'x')}`, 'INVALID_TOKEN'],
    ['state=UNKNOWN&page=2', 'UNKNOWN_FIELD'],
  ])('refuses ?%s', async (query, code) => {
    expect(await list(query)).toMatchObject({ error: { code } });
  });
});

describe('POST /sms/messages/{messageId}/resolve', () => {
  const resolve = (id: string, body: object) =>
    call('POST', '/sms/messages/{messageId}/resolve', body, { id });

  it.each([
    ['SENT', { state: 'SENT', endedAt: NOW }],
    ['FAILED', { state: 'FAILED', endedAt: NOW, reason: 'RESOLVED' }],
    ['RESEND', { state: 'ACCEPTED', dueAt: NOW }],
  ])('as %s ends the doubt, and the same again changes nothing', async (as, status) => {
    const { messageId } = await become(unknown('2026-01-01T00:00:00.000Z'));
    const resolved = await resolve(messageId, { as, since: '2026-01-01T00:00:00.000Z' });

    expect(resolved).toMatchObject({
      status: 200,
      body: { state: status.state, resolution: { as, at: NOW } },
    });
    expect(await resolve(messageId, { as, since: '2026-01-01T00:00:00.000Z' })).toEqual(resolved);
    expect((await storedMessages(tables))[0]?.status).toEqual(status);
    expect((await call('GET', '/sms/messages', undefined, { query: 'state=UNKNOWN' })).body.messages).toEqual(
      [],
    );
    expect(await resolve(messageId, { as: as === 'SENT' ? 'FAILED' : 'SENT' })).toMatchObject({
      status: 409,
      body: { error: { code: 'MESSAGE_NOT_UNKNOWN' } },
    });
  });

  it('lets one of two concurrent requests resolve the message', async () => {
    const { messageId } = await become(unknown(NOW));
    const answers = await Promise.all(['SENT', 'RESEND'].map((as) => resolve(messageId, { as, since: NOW })));

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('with since does not apply to a later attempt', async () => {
    const first = '2026-01-01T00:00:00.000Z';
    const { messageId } = await become(unknown(first));
    await resolve(messageId, { as: 'RESEND', since: first });
    await become(unknown(NOW));

    expect(await resolve(messageId, { as: 'RESEND', since: first })).toMatchObject({ status: 409 });
    expect(await resolve(messageId, { as: 'RESEND', since: NOW })).toMatchObject({ status: 200 });
  });

  it.each([
    [{}],
    [{ as: 'LOST' }],
    [{ as: 'RESEND' }],
    [{ as: 'SENT', since: 'yesterday' }],
    [{ as: 'SENT', why: 'x' }],
  ])('refuses %j', async (body) => {
    const { messageId } = await become(unknown(NOW));
    expect(await resolve(messageId, body)).toMatchObject({ status: 400 });
  });

  it('rejects a message that is being sent, or that does not exist', async () => {
    const { messageId } = await become({ state: 'ACCEPTED', dueAt: NOW });

    expect(await resolve(messageId, { as: 'RESEND', since: NOW })).toMatchObject({ status: 409 });
    expect(await resolve(`${messageId.slice(0, -1)}A`, { as: 'SENT' })).toMatchObject({ status: 404 });
  });
});
