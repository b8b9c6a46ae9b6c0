import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { createPhonebookRoutes } from '#core/phonebook/api/index.ts';
import type { Phonebook } from '#core/phonebook/index.ts';
import { ConflictError, GoneError, NotFoundError, UnprocessableError } from '#core/platform/errors.ts';
import { createApiHandler } from '#core/platform/handlers/rest-api.ts';
import { awsError } from '#support/contacts.ts';
import { openApi } from '#support/openapi.ts';
import { apiEvent } from '#support/rest.ts';

const REF_ID = '5e0d7c0a-3b1f-4c52-9d8f-0a4f6f1f2b11';
const RESERVATION = {
  refId: REF_ID,
  phoneNumbers: ['+16135550121'],
  expiresAt: '2026-11-21T15:15:00.000Z',
};
const GIVEN = { userId: 'agent-1', phoneNumber: '+16135550121' };
const CHOICE = { ...GIVEN, refId: REF_ID };

const api = openApi();
const phonebook = {
  hasNumber: jest.fn<Promise<boolean>, [string]>(),
  reserveNumbers: jest.fn<ReturnType<Phonebook['reserveNumbers']>, Parameters<Phonebook['reserveNumbers']>>(),
  assignNumber: jest.fn<Promise<void>, Parameters<Phonebook['assignNumber']>>(),
  releaseNumber: jest.fn<Promise<void>, Parameters<Phonebook['releaseNumber']>>(),
  getUser: jest.fn<ReturnType<Phonebook['getUser']>, [string]>(),
  listNumbers: jest.fn<ReturnType<Phonebook['listNumbers']>, Parameters<Phonebook['listNumbers']>>(),
};
const handler = createApiHandler('phonebook-api', createPhonebookRoutes({ phonebook, country: 'US' }));

beforeEach(() => {
  for (const method of Object.values(phonebook)) method.mockReset();
  phonebook.reserveNumbers.mockResolvedValue(RESERVATION);
});

interface Sent {
  body?: unknown;
  query?: Record<string, string> | URLSearchParams;
  headers?: Record<string, string>;
}

/** Every response must match docs/openapi.yaml. */
async function call(method: string, path: string, route: string, sent: Sent = {}) {
  const event = apiEvent(method, path, sent) as unknown as APIGatewayProxyEvent;
  const { statusCode, body } = await handler(event, {} as Context);
  const answer = { status: statusCode, body: JSON.parse(body) };
  expect(api.responseFaults(method, route, statusCode, answer.body)).toBe('');
  return answer;
}
const find = (text: string) => call('GET', `/phonebook/find/${text}`, '/phonebook/find/{phoneNumber}');
const reserve = (body: unknown, headers?: Record<string, string>) =>
  call('POST', '/phonebook/reserve', '/phonebook/reserve', { body, ...(headers ? { headers } : {}) });
const assign = (body: unknown) => call('POST', '/phonebook/assign', '/phonebook/assign', { body });
const release = (body: unknown) => call('POST', '/phonebook/release', '/phonebook/release', { body });
const numbers = (query: Record<string, string> | URLSearchParams) =>
  call('GET', '/phonebook/numbers', '/phonebook/numbers', { query });
const error = (code: string, field?: string) => ({
  error: { code, message: expect.any(String), ...(field === undefined ? {} : { field }) },
});

describe('GET /phonebook/find/{phoneNumber}', () => {
  test.each([
    ['+16135550121', '+16135550121'],
    ['%2B16135550121', '+16135550121'],
    ['%2b1%20(613)%20555-0121', '+16135550121'],
    ['%EF%BC%8B16135550121', '+16135550121'],
    ['1042', '1042'],
    ['0100', '0100'],
    ['10', '10'],
    ['123456789', '123456789'],
  ])('reads %s as %s', async (written, canonical) => {
    phonebook.hasNumber.mockResolvedValue(true);

    expect(await find(written)).toEqual({ status: 200, body: { exists: true } });
    expect(phonebook.hasNumber).toHaveBeenCalledWith(canonical);
  });

  test('responds with exists: false for an unknown number', async () => {
    phonebook.hasNumber.mockResolvedValue(false);

    expect(await find('+16135550199')).toEqual({ status: 200, body: { exists: false } });
  });

  test.each(['6135550121', '16135550121', '1', '1042%23', '+1613', '+999123456', '+1613555O121', 'jane'])(
    'rejects %s without a read',
    async (written) => {
      expect(await find(written)).toEqual({
        status: 400,
        body: error('INVALID_PHONE_NUMBER', 'phoneNumber'),
      });
      expect(phonebook.hasNumber).not.toHaveBeenCalled();
    },
  );

  test('names the format that a number without a country code lacks', async () => {
    const { body } = await find('6135550121');

    expect(body.error.message).toContain('E.164');
    expect(body.error.message).not.toContain('6135550121');
  });

  test('responds with 503 when the table is throttled', async () => {
    phonebook.hasNumber.mockRejectedValue(awsError('ThrottlingException'));

    expect(await find('1042')).toEqual({ status: 503, body: error('UNAVAILABLE') });
  });
});

describe('POST /phonebook/reserve', () => {
  test.each([
    [
      { areaCode: 613, count: 3 },
      { pool: 'direct', prefix: '+1613', count: 3 },
    ],
    [{ areaCode: '613' }, { pool: 'direct', prefix: '+1613', count: 5 }],
    [
      { areaCode: 613, country: 'CA', count: 20 },
      { pool: 'direct', prefix: '+1613', count: 20 },
    ],
    [
      { areaCode: '030', country: 'DE', count: 1 },
      { pool: 'direct', prefix: '+4930', count: 1 },
    ],
    [{ pool: 'extension' }, { pool: 'extension', count: 5 }],
  ])('reserves for %j', async (body, wanted) => {
    expect(api.requestFaults('POST', '/phonebook/reserve', body)).toBe('');
    expect(await reserve(body)).toEqual({ status: 200, body: RESERVATION });
    expect(phonebook.reserveNumbers).toHaveBeenCalledWith(wanted);
  });

  test('passes the idempotency key on', async () => {
    for (const key of ['k', 'x'.repeat(255), 'with spaces, and "quotes"']) {
      await reserve({ areaCode: 613 }, { 'Idempotency-Key': key });
      expect(phonebook.reserveNumbers).toHaveBeenLastCalledWith(
        expect.objectContaining({ idempotencyKey: key }),
      );
    }
  });

  test.each(['', 'x'.repeat(256), 'x'.repeat(500), 'caf\u00e9', 'a\tb'])(
    'rejects a key that is too long, empty, or not ASCII (%#)',
    async (key) => {
      expect(await reserve({ areaCode: 613 }, { 'idempotency-key': key })).toEqual({
        status: 400,
        body: error('INVALID_IDEMPOTENCY_KEY', 'Idempotency-Key'),
      });
      expect(phonebook.reserveNumbers).not.toHaveBeenCalled();
    },
  );

  test.each([
    [{}, 'INVALID_BODY', 'areaCode'],
    [{ count: 5 }, 'INVALID_BODY', 'areaCode'],
    [{ areaCode: 613, count: 0 }, 'INVALID_BODY', 'count'],
    [{ areaCode: 613, count: 50 }, 'INVALID_BODY', 'count'],
    [{ areaCode: 613, count: -1 }, 'INVALID_BODY', 'count'],
    [{ areaCode: 613, count: 2.5 }, 'INVALID_BODY', 'count'],
    [{ areaCode: 613, count: '5' }, 'INVALID_BODY', 'count'],
    [{ areaCode: 613, count: null }, 'INVALID_BODY', 'count'],
    [{ areaCode: 613, pool: 'extension' }, 'INVALID_BODY', 'areaCode'],
    [{ country: 'US', pool: 'extension' }, 'INVALID_BODY', 'country'],
    [{ pool: 'direct' }, 'INVALID_BODY', 'pool'],
    [{ pool: 'fax' }, 'INVALID_BODY', 'pool'],
    [{ areaCode: [613] }, 'INVALID_BODY', 'areaCode'],
    [{ areaCode: null }, 'INVALID_BODY', 'areaCode'],
    [{ areaCode: true }, 'INVALID_BODY', 'areaCode'],
    [{ areaCode: 113 }, 'INVALID_AREA_CODE', 'areaCode'],
    [{ areaCode: 911 }, 'INVALID_AREA_CODE', 'areaCode'],
    [{ areaCode: 61 }, 'INVALID_AREA_CODE', 'areaCode'],
    [{ areaCode: '613x' }, 'INVALID_AREA_CODE', 'areaCode'],
    [{ areaCode: '' }, 'INVALID_AREA_CODE', 'areaCode'],
    [{ areaCode: 613, country: 'US' }, 'INVALID_AREA_CODE', 'areaCode'],
    [{ areaCode: 613, country: 'XX' }, 'INVALID_COUNTRY', 'country'],
    [{ areaCode: 613, country: 'ca' }, 'INVALID_COUNTRY', 'country'],
    [{ areaCode: 613, country: 1 }, 'INVALID_BODY', 'country'],
    [{ areacode: 613 }, 'UNKNOWN_FIELD', 'areacode'],
    [[{ areaCode: 613 }], 'INVALID_BODY', undefined],
    ['{"areaCode": 613', 'INVALID_JSON', undefined],
    ['', 'INVALID_JSON', undefined],
    ['613', 'INVALID_BODY', undefined],
  ])('rejects %j with %s for %s', async (body, code, field) => {
    expect(await reserve(body)).toEqual({ status: 400, body: error(code, field) });
    expect(phonebook.reserveNumbers).not.toHaveBeenCalled();
  });

  test('names the country of the area code when the request has another country', async () => {
    const { body } = await reserve({ areaCode: 613, country: 'US' });

    expect(body.error.message).toContain('CA');
  });
});

describe('POST /phonebook/assign', () => {
  test('assigns the canonical number, and replaces a number only with replace: true', async () => {
    const written = { ...CHOICE, refId: REF_ID.toUpperCase(), phoneNumber: '+1 (613) 555-0121' };

    expect(await assign(written)).toEqual({ status: 200, body: { assigned: true } });
    expect(phonebook.assignNumber).toHaveBeenCalledWith({ ...CHOICE, replace: false });
    await assign({ ...CHOICE, phoneNumber: '1042', replace: true });
    expect(phonebook.assignNumber).toHaveBeenCalledWith({ ...CHOICE, phoneNumber: '1042', replace: true });
  });

  test.each([
    [{ ...CHOICE, userId: undefined }, 'INVALID_BODY', 'userId'],
    [{ ...CHOICE, userId: 'jane@example.com' }, 'INVALID_BODY', 'userId'],
    [{ ...CHOICE, userId: 7 }, 'INVALID_BODY', 'userId'],
    [{ ...CHOICE, refId: 'first' }, 'INVALID_BODY', 'refId'],
    [{ ...CHOICE, phoneNumber: 16135550121 }, 'INVALID_BODY', 'phoneNumber'],
    [{ ...CHOICE, phoneNumber: '6135550121' }, 'INVALID_PHONE_NUMBER', 'phoneNumber'],
    [{ ...CHOICE, replace: 'yes' }, 'INVALID_BODY', 'replace'],
    [{ ...CHOICE, force: true }, 'UNKNOWN_FIELD', 'force'],
  ])('rejects %j with %s for %s', async (body, code, field) => {
    expect(await assign(body)).toEqual({ status: 400, body: error(code, field) });
    expect(phonebook.assignNumber).not.toHaveBeenCalled();
  });
});

describe('POST /phonebook/release', () => {
  test('releases the canonical number', async () => {
    expect(await release({ ...GIVEN, phoneNumber: '+1-613-555-0121' })).toEqual({
      status: 200,
      body: { released: true },
    });
    expect(phonebook.releaseNumber).toHaveBeenCalledWith(GIVEN);
  });

  test.each([
    [{ userId: 'agent-1' }, 'INVALID_BODY', 'phoneNumber'],
    [{ ...GIVEN, phoneNumber: 'jane' }, 'INVALID_PHONE_NUMBER', 'phoneNumber'],
    [{ ...GIVEN, refId: REF_ID }, 'UNKNOWN_FIELD', 'refId'],
  ])('rejects %j with %s for %s', async (body, code, field) => {
    expect(await release(body)).toEqual({ status: 400, body: error(code, field) });
  });
});

test.each([
  ['reserve', NotFoundError, 404],
  ['reserve', ConflictError, 409],
  ['reserve', GoneError, 410],
  ['reserve', UnprocessableError, 422],
  ['assign', NotFoundError, 404],
  ['assign', ConflictError, 409],
  ['assign', GoneError, 410],
  ['release', NotFoundError, 404],
  ['release', ConflictError, 409],
] as const)('POST /phonebook/%s responds to a %p with %i', async (operation, Rejection, status) => {
  for (const name of ['reserveNumbers', 'assignNumber', 'releaseNumber'] as const) {
    phonebook[name].mockRejectedValue(new Rejection('SOME_CODE', 'It is rejected.', { field: 'userId' }));
  }
  const path = `/phonebook/${operation}`;
  const body = { reserve: { areaCode: 613 }, assign: CHOICE, release: GIVEN }[operation];

  expect(await call('POST', path, path, { body })).toEqual({ status, body: error('SOME_CODE', 'userId') });
});

describe('GET /phonebook/users/{userId}', () => {
  const user = (id: string) => call('GET', `/phonebook/users/${id}`, '/phonebook/users/{userId}');

  test('responds with the user and the numbers', async () => {
    const ada = { userId: 'agent-1', username: 'ada', displayName: 'Ada Martin', extension: '1042' };
    phonebook.getUser.mockResolvedValue(ada);

    expect(await user('agent-1')).toEqual({ status: 200, body: ada });
  });

  test('rejects an unknown user with 404, and an invalid ID with 400', async () => {
    phonebook.getUser.mockResolvedValue(undefined);

    expect(await user('agent-2')).toEqual({ status: 404, body: error('USER_NOT_FOUND', 'userId') });
    expect(await user('a%20b')).toEqual({ status: 400, body: error('INVALID_USER_ID', 'userId') });
  });
});

describe('GET /phonebook/numbers', () => {
  const query = { state: 'ASSIGNED', pool: 'direct' };
  const one = { phoneNumber: '+16135550121', pool: 'direct', state: 'ASSIGNED' as const, userId: 'agent-1' };

  test('responds with a page, and with the next page for its token', async () => {
    phonebook.listNumbers.mockResolvedValueOnce({ numbers: [one], next: '+16135550121' });
    const first = await numbers({ ...query, limit: '1' });
    expect(first).toEqual({ status: 200, body: { numbers: [one], nextToken: expect.any(String) } });
    expect(phonebook.listNumbers).toHaveBeenLastCalledWith({ ...query, limit: 1 });

    phonebook.listNumbers.mockResolvedValueOnce({ numbers: [] });
    const { nextToken } = first.body;
    expect(await numbers({ ...query, nextToken })).toEqual({ status: 200, body: { numbers: [] } });
    expect(phonebook.listNumbers).toHaveBeenLastCalledWith({ ...query, limit: 100, after: '+16135550121' });
  });

  test('rejects the token of another query, and a forged token', async () => {
    phonebook.listNumbers.mockResolvedValueOnce({ numbers: [one], next: '+16135550121' });
    const { nextToken } = (await numbers(query)).body;
    const forged = (place: unknown) => Buffer.from(JSON.stringify(place)).toString('base64url');

    for (const wrong of [
      { ...query, state: 'UNUSED', nextToken },
      { ...query, pool: 'extension', nextToken },
      { ...query, nextToken: `${nextToken}x` },
      { ...query, nextToken: '' },
      { ...query, nextToken: 'x'.repeat(5_000) },
      { ...query, nextToken: forged(['numbers', 'ASSIGNED', 'direct', { S: 1 }]) },
      { ...query, nextToken: forged('ASSIGNED') },
      { ...query, nextToken: forged(null) },
    ]) {
      expect(await numbers(wrong)).toEqual({ status: 400, body: error('INVALID_TOKEN', 'nextToken') });
    }
    expect(phonebook.listNumbers).toHaveBeenCalledTimes(1);
  });

  test.each([
    [{}, 'INVALID_QUERY', 'state'],
    [{ state: 'ASSIGNED' }, 'INVALID_QUERY', 'pool'],
    [{ ...query, state: 'assigned' }, 'INVALID_QUERY', 'state'],
    [{ ...query, pool: '613' }, 'INVALID_QUERY', 'pool'],
    [{ ...query, limit: '0' }, 'INVALID_QUERY', 'limit'],
    [{ ...query, limit: '501' }, 'INVALID_QUERY', 'limit'],
    [{ ...query, limit: 'all' }, 'INVALID_QUERY', 'limit'],
    [{ ...query, limit: '' }, 'INVALID_QUERY', 'limit'],
    [{ ...query, page: '2' }, 'UNKNOWN_FIELD', 'query'],
    [{ ...query, constructor: '2' }, 'UNKNOWN_FIELD', 'query'],
  ])('rejects %j with %s for %s', async (wrong, code, field) => {
    expect(await numbers(wrong as Record<string, string>)).toEqual({ status: 400, body: error(code, field) });
  });

  test('rejects a repeated parameter', async () => {
    const twice = new URLSearchParams([...Object.entries(query), ['state', 'UNUSED']]);

    expect(await numbers(twice)).toEqual({ status: 400, body: error('INVALID_QUERY', 'state') });
  });
});
