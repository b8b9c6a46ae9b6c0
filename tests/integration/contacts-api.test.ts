import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { createContactsRoutes } from '#core/contacts/api/routes.ts';
import { createIdentifierParser } from '#core/contacts/index.ts';
import { indexBatch } from '#core/contacts/indexing/index.ts';
import { UnavailableError } from '#core/platform/errors.ts';
import { createApiHandler } from '#core/platform/handlers/rest-api.ts';
import { createContactLookup, streamRecord, testKeyring, watchClient } from '#support/contacts.ts';
import { openApi } from '#support/openapi.ts';
import { apiEvent } from '#support/rest.ts';
import { type FreshTables, freshTables } from '#support/tables.ts';

const api = openApi();
const keyring = testKeyring();
let tables: FreshTables;
/** The error that every call to DynamoDB ends with, and the one that loading the keys does. */
let outage: string | undefined;
let keyOutage: Error | undefined;
let handler: ReturnType<typeof createApiHandler>;

beforeAll(async () => {
  tables = await freshTables();
  const { client } = watchClient(tables.client, { fail: () => outage });
  const loadKeys = async () => {
    if (keyOutage) throw keyOutage;
    return keyring;
  };
  const parseIdentifier = createIdentifierParser('US');
  const lookUp = createContactLookup({ ...tables, client }, { keyring: loadKeys, limit: 10 });
  handler = createApiHandler(
    'contacts-api',
    createContactsRoutes({
      ...tables,
      client,
      keyring: loadKeys,
      deriveKeys: loadKeys,
      parseIdentifier,
      lookUp,
    }),
  );
});

beforeEach(() => {
  outage = undefined;
  keyOutage = undefined;
});

const JANE = {
  firstName: 'Jane',
  lastName: 'Doe',
  language: 'en-US',
  identifiers: ['+14155550100', 'jane@example.com', 'twitter:@jane', 'ref:CRM-17'],
  agentId: 'agent-1',
  attributes: { tier: 'vip' },
  privateAttributes: { note: 'MARKED' },
};

describe('PUT, GET and DELETE /contacts/{contactId}', () => {
  it('write, read and delete a contact', async () => {
    expect(await call('PUT', '/contacts/C-1', JANE)).toEqual({
      status: 200,
      body: { contactId: 'C-1', version: 1 },
    });
    expect(await call('GET', '/contacts/C-1')).toEqual({
      status: 200,
      body: { contactId: 'C-1', ...JANE, version: 1, updatedAt: expect.any(String), audiences: [] },
    });
    expect(await call('DELETE', '/contacts/C-1')).toEqual({ status: 204 });
    expect(await call('GET', '/contacts/C-1')).toMatchObject({
      status: 404,
      body: { error: { code: 'CONTACT_NOT_FOUND' } },
    });
    expect(await call('DELETE', '/contacts/C-1')).toMatchObject({ status: 404 });
  });

  it('replace without a version, and only the named one with it', async () => {
    expect(await call('PUT', '/contacts/C-2', { version: 0 })).toMatchObject({ body: { version: 1 } });
    expect(await call('PUT', '/contacts/C-2', {})).toMatchObject({ body: { version: 2 } });
    expect(await call('PUT', '/contacts/C-2', { version: 2 })).toMatchObject({ body: { version: 3 } });
    const refused = {
      code: 'VERSION_CONFLICT',
      field: 'version',
      message: expect.stringContaining('at version 3'),
    };
    for (const version of [0, 2, 4]) {
      expect(await call('PUT', '/contacts/C-2', { version })).toEqual({
        status: 409,
        body: { error: refused },
      });
    }
    expect(await call('DELETE', '/contacts/C-2', undefined, { version: '2' })).toEqual({
      status: 409,
      body: { error: refused },
    });
    expect(await call('DELETE', '/contacts/C-2', undefined, { verson: '1' })).toMatchObject({
      status: 400,
      body: { error: { code: 'UNKNOWN_FIELD', field: 'query' } },
    });
    expect(await call('DELETE', '/contacts/C-2', undefined, { version: '3' })).toMatchObject({ status: 204 });
  });

  it.each([
    ['{', 400, 'INVALID_JSON', undefined],
    ['', 400, 'INVALID_JSON', undefined],
    ['{"nickname":"MARKED"}', 400, 'UNKNOWN_FIELD', 'nickname'],
    ['{"identifiers":["ref:1","ref:2","+1415MARKED"]}', 400, 'INVALID_IDENTIFIER', 'identifiers[2]'],
    [JSON.stringify({ attributes: { a: 'x'.repeat(70_000) } }), 413, 'CONTACT_TOO_LARGE', undefined],
  ])('refuse body %#, naming what is wrong', async (body, status, code, field) => {
    const answer = await call('PUT', '/contacts/C-3', body);
    expect(answer).toMatchObject({ status, body: { error: { code } } });
    expect(answer.body.error.field).toBe(field);
    expect(JSON.stringify(answer)).not.toContain('MARKED');
  });

  it('take no notice of a body that comes with a GET', async () => {
    expect(await call('GET', '/contacts/C-3', { a: 1 })).toMatchObject({ status: 404 });
  });

  it('refuse an id and a version that cannot be', async () => {
    expect(await call('GET', '/contacts/a%20b')).toMatchObject({
      status: 400,
      body: { error: { code: 'INVALID_CONTACT_ID' } },
    });
    expect(await call('GET', '/contacts/%zz')).toMatchObject({ status: 400 });
    for (const version of ['0', 'x', '-1', '']) {
      expect(await call('DELETE', '/contacts/C-3', undefined, { version })).toMatchObject({
        status: 400,
        body: { error: { code: 'INVALID_VERSION', field: 'version' } },
      });
    }
  });
});

describe('POST /contacts/lookup and /contacts/batch-lookup', () => {
  beforeAll(async () => {
    outage = undefined;
    await put('L-1', ['+14155550177', 'ref:SHARED']);
    await put('L-2', ['ref:SHARED']);
  });

  it('tell who it is, however the identifier is written', async () => {
    expect(await call('POST', '/contacts/lookup', { identifier: '(415) 555-0177' })).toMatchObject({
      status: 200,
      body: {
        status: 'FOUND',
        matches: 1,
        source: 'index',
        contacts: [{ contactId: 'L-1', identifiers: ['+14155550177', 'ref:SHARED'] }],
      },
    });
  });

  it('answer many at once in their order, whatever they are', async () => {
    const identifiers = ['ref:SHARED', 'anonymous', '+1415', 'ref:NOBODY', '+14155550177'];

    const { body } = await call('POST', '/contacts/batch-lookup', { identifiers });

    expect(
      body.results.map(({ status, matches }: { status: string; matches: number }) => [status, matches]),
    ).toEqual([
      ['AMBIGUOUS', 2],
      ['ANONYMOUS', 0],
      ['INVALID', 0],
      ['NOT_FOUND', 0],
      ['FOUND', 1],
    ]);
    expect(body.results[0].contacts.map(({ contactId }: { contactId: string }) => contactId)).toEqual([
      'L-2',
      'L-1',
    ]);
    expect(body.results[2].message).toContain('length');
  });

  it('take up to a hundred identifiers', async () => {
    const identifiers = Array.from({ length: 100 }, (_, i) => `ref:${i}`);
    expect((await call('POST', '/contacts/batch-lookup', { identifiers })).body.results).toHaveLength(100);
    expect(
      await call('POST', '/contacts/batch-lookup', { identifiers: [...identifiers, 'ref:100'] }),
    ).toMatchObject({
      status: 413,
      body: { error: { message: expect.stringMatching(/100 identifiers.* 101/), field: 'identifiers' } },
    });
  });

  it.each([
    ['/contacts/lookup', {}, 'identifier'],
    ['/contacts/lookup', { identifier: 5 }, 'identifier'],
    ['/contacts/lookup', { identifier: 'ref:1', type: 'x' }, 'type'],
    ['/contacts/batch-lookup', { identifiers: 'ref:1' }, 'identifiers'],
    ['/contacts/batch-lookup', { identifiers: ['ref:1', null] }, 'identifiers[1]'],
  ])('refuse %s %j', async (path, body, field) => {
    expect(await call('POST', path, body)).toMatchObject({ status: 400, body: { error: { field } } });
  });

  it('are degraded in an outage and tell the last known answer', async () => {
    await call('POST', '/contacts/lookup', { identifier: '+14155550177' });
    outage = 'InternalServerError';

    expect(await call('POST', '/contacts/lookup', { identifier: '+14155550177' })).toMatchObject({
      status: 200,
      body: { status: 'DEGRADED', matches: 1, source: 'cache', contacts: [{ contactId: 'L-1' }] },
    });
    expect(await call('POST', '/contacts/lookup', { identifier: 'ref:NOT-ASKED-YET' })).toMatchObject({
      status: 200,
      body: { status: 'DEGRADED', matches: 0, contacts: [] },
    });
  });
});

describe('in an outage', () => {
  it('the store answers 503', async () => {
    outage = 'ThrottlingException';
    for (const method of ['PUT', 'GET', 'DELETE']) {
      const answer = await call(method, '/contacts/C-9', method === 'PUT' ? {} : undefined);
      expect(answer).toMatchObject({ status: 503, body: { error: { code: 'UNAVAILABLE' } } });
    }
  });
});

describe('GET /health', () => {
  it('is fine when the tables and the keys answer', async () => {
    expect(await call('GET', '/health')).toEqual({
      status: 200,
      body: { status: 'ok', checks: { contactsTable: 'ok', lookupTable: 'ok', keys: 'ok' } },
    });
  });

  it('tells what does not answer', async () => {
    outage = 'ResourceNotFoundException';
    keyOutage = new UnavailableError('KEYS_UNAVAILABLE', 'x');
    expect(await call('GET', '/health')).toEqual({
      status: 503,
      body: {
        status: 'failing',
        checks: { contactsTable: 'failing', lookupTable: 'failing', keys: 'failing' },
      },
    });
  });
});

it('describes examples that it accepts itself', () => {
  for (const [route, methods] of Object.entries(api.document.paths)) {
    for (const [method, { requestBody }] of Object.entries(methods)) {
      const example = requestBody?.content['application/json']?.example;
      if (example !== undefined) expect(api.requestFaults(method, route, example)).toBe('');
    }
  }
});

async function put(contactId: string, identifiers: string[]) {
  await call('PUT', `/contacts/${contactId}`, { identifiers });
  await indexBatch(tables, [streamRecord(contactId, null, identifiers.map(keyring.hash))]);
}

// biome-ignore lint/suspicious/noExplicitAny: an answer is whatever the API gives; the test says what it expects
type Answer = { status: number; body?: any };

/** Calls the API as API Gateway does, and holds every answer against docs/openapi.yaml. */
async function call(
  method: string,
  path: string,
  body?: unknown,
  query: Record<string, string> = {},
): Promise<Answer> {
  const resource = /^\/contacts\/(?!lookup|batch-lookup)/.test(path) ? '/contacts/{contactId}' : path;
  const event = { ...apiEvent(method, path, { body, query }), resource };
  const result = await handler(event as unknown as APIGatewayProxyEvent, {} as Context);
  const answer = result.body ? JSON.parse(result.body) : undefined;
  expect(api.responseFaults(method, resource, result.statusCode, answer)).toBe('');
  return { status: result.statusCode, ...(answer === undefined ? {} : { body: answer }) };
}
