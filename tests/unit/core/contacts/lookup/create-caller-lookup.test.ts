import { GenerateMacCommand, KMSClient } from '@aws-sdk/client-kms';
import { DynamoDBDocumentClient, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import type { ContactWithAudiences } from '#core/contacts/index.ts';
import { buildCallerAnswer, createCallerLookup } from '#core/contacts/lookup/index.ts';
import { FLOW_ANSWER_LIMIT, toStringMap } from '#core/platform/handlers/contact-flow.ts';
import { createKeyring } from '#core/platform/keys/keyring.ts';
import { awsError } from '#support/contacts.ts';
import { storedContact } from '#support/fake-lookup.ts';

const jane: ContactWithAudiences = {
  contactId: 'C-1',
  firstName: 'Jane',
  lastName: 'Doe',
  language: 'en-US',
  identifiers: ['+14155550100'],
  agentId: 'agent-1',
  attributes: { tier: 'vip' },
  privateAttributes: { note: 'PRIVATE' },
  version: 1,
  updatedAt: '2026-01-01T00:00:00.000Z',
  audiences: ['renewal', 'vip'],
};

it('tells a flow all it may know, flat, and nothing private', () => {
  const answer = buildCallerAnswer(
    { status: 'FOUND', matches: 1, contacts: [jane], source: 'index' },
    '1042',
  );

  expect(toStringMap(answer)).toEqual({
    status: 'FOUND',
    matches: '1',
    source: 'index',
    contactId: 'C-1',
    displayName: 'Jane Doe',
    firstName: 'Jane',
    lastName: 'Doe',
    language: 'en-US',
    agentId: 'agent-1',
    extension: '1042',
    audiences: 'renewal,vip',
    audience_renewal: 'true',
    audience_vip: 'true',
    attr_tier: 'vip',
  });
});

it.each([
  ['DE', 'de'],
  ['de-at', 'de-AT'],
  ['deu', 'de'],
  ['x', 'x'],
])('tells the language %s in the letters that a flow compares with: %s', (language, told) => {
  const contacts = [{ ...jane, language }];

  expect(buildCallerAnswer({ status: 'FOUND', matches: 1, contacts, source: 'index' })).toMatchObject({
    language: told,
  });
});

it('tells the count and the most recent contact of several', () => {
  const older = { ...jane, contactId: 'C-2' };
  expect(
    buildCallerAnswer({ status: 'AMBIGUOUS', matches: 2, contacts: [jane, older], source: 'index' }),
  ).toMatchObject({ status: 'AMBIGUOUS', matches: '2', contactId: 'C-1' });
});

it('leaves out what is not known', () => {
  const { firstName, lastName, language, agentId, ...rest } = jane;
  const nameless = { ...rest, audiences: [], attributes: {} };
  expect(
    toStringMap(buildCallerAnswer({ status: 'FOUND', matches: 1, contacts: [nameless], source: 'index' })),
  ).toEqual({
    status: 'FOUND',
    matches: '1',
    source: 'index',
    contactId: 'C-1',
    audiences: '',
  });
});

it('keeps who it is when a contact has more attributes than an answer holds', () => {
  const attributes = Object.fromEntries(
    Array.from({ length: 50 }, (_, i) => [`note${i}`, 'x'.repeat(1_000)]),
  );
  const map = toStringMap(
    buildCallerAnswer(
      { status: 'FOUND', matches: 1, contacts: [{ ...jane, attributes }], source: 'index' },
      '1042',
    ),
  );

  expect(map).toMatchObject({ contactId: 'C-1', extension: '1042', audience_vip: 'true', truncated: 'true' });
  expect(Buffer.byteLength(JSON.stringify(map))).toBeLessThanOrEqual(FLOW_ANSWER_LIMIT);
});

describe("the contact's own agent", () => {
  const kms = mockClient(KMSClient);
  const dynamodb = mockClient(DynamoDBDocumentClient);
  const keyring = createKeyring('main', [{ version: 1, secret: Buffer.alloc(64, 1) }]);
  const env = {
    CONTACTS_TABLE: 'contacts',
    LOOKUP_TABLE: 'lookup',
    DIRECTORY_TABLE: 'directory',
    DEFAULT_COUNTRY: 'US',
    ORGANIZATION: 'main',
    ROOT_KEY_ARN: 'arn',
    KEY_VERSIONS: [1],
    LOOKUP_BUDGET_MS: 5_000,
  };

  beforeEach(() => {
    kms.reset();
    dynamodb.reset();
    kms.on(GenerateMacCommand).resolves({ Mac: Buffer.alloc(64, 1) });
    dynamodb.on(QueryCommand, { TableName: 'lookup' }).resolves({ Items: [{ sk: 'C-1' }] });
    holdsContact({ identifiers: ['+14155550100'], agentId: 'agent-1' });
  });

  afterEach(() => jest.useRealTimers());

  function holdsContact(parts: Parameters<typeof storedContact>[2]) {
    dynamodb
      .on(QueryCommand, { TableName: 'contacts' })
      .resolves({ Items: [{ ...storedContact(keyring, 'C-1', parts) }] });
  }

  it('comes with the extension that the directory gives', async () => {
    dynamodb.on(GetCommand).resolves({ Item: { sk: 'AGENT', agentId: 'agent-1', extension: '0042' } });

    expect(await createCallerLookup(env)('+14155550100')).toMatchObject({
      agentId: 'agent-1',
      extension: '0042',
    });
    expect(dynamodb.commandCalls(GetCommand)[0]?.args[0].input).toMatchObject({
      TableName: 'directory',
      Key: { pk: 'AGENT#agent-1', sk: 'AGENT' },
    });
  });

  it('is not asked for when the contact has none', async () => {
    holdsContact({ identifiers: ['+14155550100'] });

    expect(await createCallerLookup(env)('+14155550100')).toMatchObject({
      status: 'FOUND',
      extension: undefined,
    });
    expect(dynamodb.commandCalls(GetCommand)).toHaveLength(0);
  });

  it.each([
    [
      'waits for an extension',
      () =>
        dynamodb
          .on(GetCommand)
          .resolves({ Item: { sk: 'AGENT', agentId: 'agent-1', waitingSince: '2026-01-01' } }),
    ],
    ['is gone', () => dynamodb.on(GetCommand).resolves({})],
    ['cannot be asked for', () => dynamodb.on(GetCommand).rejects(awsError('InternalServerError'))],
    ['must not be asked for', () => dynamodb.on(GetCommand).rejects(awsError('AccessDeniedException'))],
    ['is not told in time', () => dynamodb.on(GetCommand).callsFake(() => new Promise(() => undefined))],
  ])('does not spoil the answer when it %s', async (_, prepare) => {
    prepare();

    expect(await createCallerLookup(env)('+14155550100')).toMatchObject({
      status: 'FOUND',
      contactId: 'C-1',
      agentId: 'agent-1',
      extension: undefined,
    });
  });

  it('is not asked for when the time is over', async () => {
    jest.useFakeTimers();
    dynamodb.on(GetCommand).resolves({ Item: { sk: 'AGENT', agentId: 'agent-1', extension: '0042' } });
    const findCaller = createCallerLookup(env);
    await findCaller('+14155550100');
    dynamodb
      .on(QueryCommand, { TableName: 'lookup' })
      .callsFake(() => new Promise((resolve) => setTimeout(() => resolve({ Items: [{ sk: 'C-1' }] }), 1_400)))
      .on(QueryCommand, { TableName: 'contacts' })
      .callsFake(() => new Promise(() => undefined));
    const answer = findCaller('+14155550100');
    await jest.advanceTimersByTimeAsync(env.LOOKUP_BUDGET_MS);

    expect(await answer).toMatchObject({ status: 'DEGRADED', source: 'cache', agentId: 'agent-1' });
    expect(dynamodb.commandCalls(GetCommand)).toHaveLength(1);
  });

  it('finds the keys loaded already: that begins before the first call', async () => {
    createCallerLookup(env);
    await new Promise(setImmediate);

    expect(kms.commandCalls(GenerateMacCommand)).toHaveLength(1);
  });
});
