import type { Context } from 'aws-lambda';
import { templateRoutes } from '#core/messages/templates/routes.ts';
import { createApiHandler } from '#core/platform/handlers/rest-api.ts';
import { watchClient } from '#support/contacts.ts';
import { openApi } from '#support/openapi.ts';
import { apiEvent } from '#support/rest.ts';
import { freshTables } from '#support/tables.ts';

const api = openApi();
const CONTEXT = { getRemainingTimeInMillis: () => 29_000 } as Context;
let outage: string | undefined;
let handler: ReturnType<typeof createApiHandler>;

beforeAll(async () => {
  const tables = await freshTables();
  const { client } = watchClient(tables.client, { fail: () => outage });
  handler = createApiHandler('messages-api', (app) =>
    templateRoutes(app, { client, messages: tables.messages }),
  );
});

beforeEach(() => {
  outage = undefined;
});

async function call(method: string, path: string, body?: unknown, query: Record<string, string> = {}) {
  const route = path === '/sms/templates' ? path : '/sms/templates/{name}';
  const result = await handler(apiEvent(method, path, { body, query }) as never, CONTEXT);
  const answer = result.body ? JSON.parse(result.body) : undefined;
  expect(api.responseFaults(method, route, result.statusCode, answer)).toBe('');
  return { status: result.statusCode, body: answer };
}

const TEXTS = { en: '{{agent}} will call you at {{time}}.', de: '{{agent}} ruft Sie um {{time}} an.' };

test('a template is written, read, replaced, and deleted', async () => {
  const parameters = ['agent', 'time'];
  expect(await call('PUT', '/sms/templates/call-back', { texts: TEXTS })).toEqual({
    status: 200,
    body: { name: 'call-back', texts: TEXTS, parameters },
  });
  expect(await call('GET', '/sms/templates/call-back')).toEqual({
    status: 200,
    body: { name: 'call-back', texts: TEXTS, parameters },
  });

  await call('PUT', '/sms/templates/call-back', { texts: { en: 'Thank you.' } });
  expect(await call('GET', '/sms/templates/call-back')).toEqual({
    status: 200,
    body: { name: 'call-back', texts: { en: 'Thank you.' }, parameters: [] },
  });

  expect(await call('DELETE', '/sms/templates/call-back')).toEqual({ status: 204, body: undefined });
  for (const method of ['GET', 'DELETE']) {
    expect(await call(method, '/sms/templates/call-back')).toMatchObject({
      status: 404,
      body: { error: { code: 'TEMPLATE_NOT_FOUND' } },
    });
  }
});

test('templates are listed by name, page by page', async () => {
  for (const name of ['b-2', 'a', 'b_1', '9']) {
    await call('PUT', `/sms/templates/${name}`, { texts: { en: `I am ${name}.` } });
  }
  const names = async (query = {}) =>
    (await call('GET', '/sms/templates', undefined, query)).body.templates.map(
      ({ name }: { name: string }) => name,
    );

  expect(await names()).toEqual(['9', 'a', 'b-2', 'b_1']);
  const first = (await call('GET', '/sms/templates', undefined, { limit: '3' })).body;
  expect(first.templates).toHaveLength(3);
  expect(await names({ nextToken: first.nextToken })).toEqual(['b_1']);
});

test('large and small templates are listed completely, each once', async () => {
  // A quotation mark takes one byte in the table, and two in JSON.
  const largest = Array.from({ length: 50 }, (_, i) => `x${letter(i)}${letter(Math.floor(i / 26))}`);
  const texts = Object.fromEntries(largest.map((language) => [language, `ü${'"'.repeat(1_599)}`]));
  const written = Array.from({ length: 14 }, (_, i) => `large-${i + 10}`);
  for (const name of written)
    expect(await call('PUT', `/sms/templates/${name}`, { texts })).toMatchObject({ status: 200 });

  const listed: string[] = [];
  let query: Record<string, string> = { limit: '100' };
  do {
    const { status, body } = await call('GET', '/sms/templates', undefined, query);
    expect(status).toBe(200);
    listed.push(...body.templates.map(({ name }: { name: string }) => name));
    query = body.nextToken ? { limit: '100', nextToken: body.nextToken } : {};
  } while (query.nextToken);

  expect(listed).toEqual(expect.arrayContaining(written));
  expect(listed).toEqual([...new Set(listed)].sort());
});

const letter = (i: number) => String.fromCharCode(97 + (i % 26));

test.each([
  ['PUT', '/sms/templates/Hello', { texts: TEXTS }, 'INVALID_TEMPLATE_NAME', 'name'],
  ['PUT', '/sms/templates/hello', { texts: { en: '{{' } }, 'INVALID_TEMPLATE', 'texts.en'],
  ['PUT', '/sms/templates/hello', {}, 'INVALID_BODY', 'texts'],
  ['PUT', '/sms/templates/hello', { texts: TEXTS, name: 'x' }, 'UNKNOWN_FIELD', 'name'],
  ['PUT', '/sms/templates/hello', [], 'INVALID_BODY', undefined],
  ['GET', '/sms/templates/%C3%A4', undefined, 'INVALID_TEMPLATE_NAME', 'name'],
])('%s %s with %j is rejected: %s', async (method, path, body, code, field) => {
  const answer = await call(method, path, body);
  expect(answer).toMatchObject({ status: 400, body: { error: { code } } });
  expect(answer.body.error.field).toBe(field);
});

test.each([
  [{ after: 'a' }, 'UNKNOWN_FIELD', 'query'],
  [{ limit: '101' }, 'INVALID_QUERY', 'limit'],
  [{ nextToken: 'a' }, 'INVALID_TOKEN', 'nextToken'],
])('a list with %j is rejected: %s', async (query, code, field) => {
  expect(await call('GET', '/sms/templates', undefined, query)).toMatchObject({
    status: 400,
    body: { error: { code, field } },
  });
});

test('every operation returns 503 during an outage', async () => {
  outage = 'InternalServerError';
  for (const [method, path, body] of [
    ['PUT', '/sms/templates/a', { texts: TEXTS }],
    ['GET', '/sms/templates/a'],
    ['DELETE', '/sms/templates/a'],
    ['GET', '/sms/templates'],
  ] as const) {
    expect(await call(method, path, body)).toMatchObject({ status: 503 });
  }
});
