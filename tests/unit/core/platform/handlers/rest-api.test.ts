import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import {
  ConfigurationError,
  ConflictError,
  GoneError,
  InvalidInputError,
  NotFoundError,
  TooLargeError,
  UnavailableError,
  UnprocessableError,
} from '#core/platform/errors.ts';
import { createApiHandler, readJson } from '#core/platform/handlers/rest-api.ts';
import { logger } from '#core/platform/observability.ts';
import { apiEvent } from '#support/rest.ts';

const request = (method: string, path: string) => apiEvent(method, path) as unknown as APIGatewayProxyEvent;

const call = async (route: () => Promise<{ ok: boolean }>, event = request('GET', '/thing')) => {
  const handler = createApiHandler('contacts-api', (app) => app.get('/thing', route));
  const { statusCode, body } = await handler(event, {} as Context);
  return { statusCode, body: JSON.parse(body) };
};

test('answers what the route returns', async () => {
  await expect(call(async () => ({ ok: true }))).resolves.toEqual({ statusCode: 200, body: { ok: true } });
});

test('answers 413 in place of what is larger than Lambda hands over', async () => {
  // In the body it is 4 MB; Lambda counts its quotes with the backslashes before them.
  const quotes = { ok: true, text: '"'.repeat(2 * 1024 * 1024) };

  await expect(call(async () => quotes)).resolves.toMatchObject({
    statusCode: 413,
    body: { error: { code: 'RESPONSE_TOO_LARGE' } },
  });
});

test.each([
  [400, new InvalidInputError('INVALID_BODY', 'Say it right.', { field: 'identifiers[2]' })],
  [404, new NotFoundError('CONTACT_NOT_FOUND', 'There is none.')],
  [409, new ConflictError('VERSION_CONFLICT', 'Read it again.')],
  [410, new GoneError('RESERVATION_EXPIRED', 'Reserve again.')],
  [422, new UnprocessableError('IDEMPOTENCY_KEY_REUSED', 'Take another key.', { field: 'idempotencyKey' })],
  [413, new TooLargeError('TOO_LARGE', 'It has 2 bytes, 1 is the limit.')],
  [503, new UnavailableError('UNAVAILABLE', 'Try again.')],
])('answers %i with code, message and field', async (statusCode, error) => {
  const answer = await call(async () => {
    throw error;
  });

  expect(answer).toEqual({
    statusCode,
    body: {
      error: { code: error.code, message: error.message, ...(error.field ? { field: error.field } : {}) },
    },
  });
});

test.each([
  ['a bug', new TypeError('cannot read +14155550100')],
  ['a fault of the deployment', new ConfigurationError('CONFIGURATION', 'The table is gone.')],
])('answers %s with 500 and tells nothing of it', async (_, error) => {
  const logged = jest.spyOn(logger, 'error').mockImplementation();

  const answer = await call(async () => {
    throw error;
  });

  expect(answer).toMatchObject({ statusCode: 500, body: { error: { code: 'INTERNAL' } } });
  expect(JSON.stringify(answer)).not.toContain(error.message);
  expect(logged).toHaveBeenCalledWith('failed', { error: expect.objectContaining({ name: error.name }) });
  expect(JSON.stringify(logged.mock.calls)).not.toContain('+1415');
});

test('answers a path it does not have with 404 and a method it does not have with 404 or 405', async () => {
  const noPath = await call(async () => ({ ok: true }), request('GET', '/nothing'));
  const noMethod = await call(async () => ({ ok: true }), request('DELETE', '/thing'));

  expect(noPath).toMatchObject({ statusCode: 404, body: { error: { code: 'NOT_FOUND' } } });
  expect([404, 405]).toContain(noMethod.statusCode);
  expect(noMethod.body.error.message).toContain('openapi');
});

test.each([['%20'], ['%zz']])('answers a part %s of a path, which says nothing, with 400', async (part) => {
  const handler = createApiHandler('contacts-api', (app) =>
    app.get('/contacts/:contactId', async () => ({ ok: true })),
  );
  const { statusCode, body } = await handler(request('GET', `/contacts/${part}`), {} as Context);

  expect(statusCode).toBe(400);
  expect(JSON.parse(body)).toMatchObject({ error: { code: 'INVALID_PATH' } });
});

test('logs the method, the route and the status, never the path with its ids', async () => {
  const logged = jest.spyOn(logger, 'info').mockImplementation();
  const handler = createApiHandler('contacts-api', (app) =>
    app.get('/contacts/:contactId', async () => ({ ok: true })),
  );

  await handler(
    { ...request('GET', '/contacts/jane-roe'), resource: '/contacts/{contactId}' },
    {} as Context,
  );

  expect(logged).toHaveBeenCalledWith('answered', {
    method: 'GET',
    route: '/contacts/{contactId}',
    status: 200,
  });
  expect(JSON.stringify(logged.mock.calls)).not.toContain('jane-roe');
});

describe('readJson', () => {
  const bodyOf = (body: string) => new Request('http://127.0.0.1/', { method: 'POST', body });

  test('reads any JSON', async () => {
    await expect(readJson(bodyOf('{"a":[1]}'))).resolves.toEqual({ a: [1] });
  });

  test.each([['{"a":'], ['Jane Roe'], ['']])('refuses %j without quoting it', async (body) => {
    const error: unknown = await readJson(bodyOf(body)).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ name: 'InvalidInputError', code: 'INVALID_JSON' });
    expect(String(error)).not.toContain('Jane');
  });
});
