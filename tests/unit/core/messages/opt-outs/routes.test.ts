import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { isOptedOut, optOutRoutes, writeOptOut } from '#core/messages/opt-outs/index.ts';
import { systemClock } from '#core/platform/clock.ts';
import { createApiHandler } from '#core/platform/handlers/rest-api.ts';
import event from '#events/contacts-api.json';
import { testKeyring } from '#support/contacts.ts';
import { memoryDynamoDb } from '#support/memory-dynamodb.ts';
import { openApi } from '#support/openapi.ts';

const NUMBER = '+14155550100';
const NOON = Date.parse('2026-11-21T12:00:00.000Z');

function setUp(now = NOON) {
  const { client, items } = memoryDynamoDb(() => 0);
  const store = { client, messages: 'messages', keyring: async () => testKeyring([1]) };
  const clock = { ...systemClock, now: () => now };
  const handle = createApiHandler('messages-api', (app) => optOutRoutes(app, { ...store, clock }));
  const call = async (httpMethod: string, number = NUMBER) => {
    const path = `/sms/opt-outs/${encodeURIComponent(number)}`;
    const request = { ...event, httpMethod, path, body: null } as unknown as APIGatewayProxyEvent;
    const { statusCode, body } = await handle(request, {} as Context);
    const answer = JSON.parse(body);
    expect(openApi().responseFaults(httpMethod, '/sms/opt-outs/{phoneNumber}', statusCode, answer)).toBe('');
    return { status: statusCode, body: answer };
  };
  return { call, store, items };
}

it('returns a number that never opted out', async () => {
  const { call } = setUp();

  expect(await call('GET')).toEqual({ status: 200, body: { optedOut: false } });
});

it('opts a number out and in again', async () => {
  const { call, store } = setUp();
  const out = { optedOut: true, since: '2026-11-21T12:00:00.000Z', source: 'API' };

  expect(await call('PUT')).toEqual({ status: 200, body: out });
  expect(await call('PUT', '+1 (415) 555-0100')).toEqual({ status: 200, body: out });
  expect(await call('GET')).toEqual({ status: 200, body: out });
  expect(await call('DELETE')).toMatchObject({ status: 200, body: { optedOut: false } });
  expect(await isOptedOut(store, NUMBER)).toBe(false);
});

it('writes nothing when a number that never opted out is opted in', async () => {
  const { call, items } = setUp();

  expect(await call('DELETE')).toEqual({ status: 200, body: { optedOut: false } });
  expect(items.size).toBe(0);
});

it('makes an entry newer than a text, even one from a faster clock', async () => {
  const { call, store } = setUp();
  await writeOptOut(store, NUMBER, { state: 'OPTED_OUT', at: '2026-11-21T12:00:05.000Z', source: 'TEXT' });

  expect(await call('DELETE')).toMatchObject({
    body: { optedOut: false, since: '2026-11-21T12:00:05.001Z', source: 'API' },
  });
});

it.each(['4155550100', 'jane', '+1', '+999123456789'])(
  'refuses %s, which is no number to text',
  async (number) => {
    const { call } = setUp();

    expect(await call('PUT', number)).toMatchObject({
      status: 400,
      body: { error: { code: 'INVALID_PHONE_NUMBER', field: 'phoneNumber' } },
    });
  },
);
