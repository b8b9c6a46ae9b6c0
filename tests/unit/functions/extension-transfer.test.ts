import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { type DirectoryNumber, numberItem } from '#core/directory/numbers.ts';
import { createFindTransfer } from '#core/transfer/find-transfer.ts';
import event from '#events/extension-transfer.json';
import { namedError } from '#support/directory.ts';
import { loadHandler } from '#support/handler.ts';

// The fixture: events/extension-transfer.json
const dynamodb = mockClient(DynamoDBDocumentClient);
const owner = {
  agentId: 'agent-1',
  arn: 'arn:aws:connect:eu-central-1:111122223333:instance/i/agent/agent-1',
  username: 'jane.roe',
  firstName: 'Jane',
  lastName: 'Roe',
};
const dueAt = '2026-12-01T08:00:00.000Z';

const handler = loadHandler<Record<string, string>>('extension-transfer', { LOOKUP_BUDGET_MS: '300' });

beforeEach(() => {
  dynamodb.reset();
  dynamodb.on(GetCommand).resolves({});
  stored({ number: '1042', pool: 'extension', state: 'ASSIGNED', owner });
});

function stored(record: DirectoryNumber) {
  const Item = numberItem(record);
  dynamodb.on(GetCommand, { Key: { pk: Item.pk, sk: Item.sk } }).resolves({ Item });
}

function dialling(digits: unknown, address: string | null = '+18005550199') {
  const SystemEndpoint = address === null ? null : { Address: address };
  const { ContactData } = event.Details;
  return { Details: { ContactData: { ...ContactData, SystemEndpoint }, Parameters: { digits } } };
}

it('finds the agent', async () => {
  expect(await handler(event)).toEqual({
    status: 'FOUND',
    agentId: 'agent-1',
    agentArn: owner.arn,
    username: 'jane.roe',
    displayName: 'Jane Roe',
    extension: '1042',
    agentStatus: 'UNKNOWN',
  });
});

it('finds the agent of the number that was dialed when nothing was keyed in', async () => {
  stored({ number: '+18005550199', pool: 'direct', state: 'ASSIGNED', owner });

  expect(await handler(dialling(undefined))).toMatchObject({ status: 'FOUND', agentId: 'agent-1' });
  expect(await handler(dialling(''))).toMatchObject({ status: 'FOUND', agentId: 'agent-1' });
});

it.each<[string, DirectoryNumber | undefined]>([
  ['UNKNOWN', undefined],
  ['UNASSIGNED', { number: '1043', pool: 'extension', state: 'UNUSED' }],
  ['QUARANTINED', { number: '1043', pool: 'extension', state: 'QUARANTINED', dueAt }],
  ['RESERVED', { number: '1043', pool: 'extension', state: 'RESERVED', dueAt, reservationId: 'r1' }],
  ['BLOCKED', { number: '1043', pool: 'extension', state: 'BLOCKED', reason: 'OTHER_FLOW' }],
])('says that a number reaches nobody, and why, without a read of a status: %s', async (reason, record) => {
  if (record) stored(record);

  const answer = await handler(dialling('1043'));

  expect(answer).toEqual({ status: 'NOT_FOUND', reason, message: expect.stringMatching(/\.$/) });
  expect(dynamodb.commandCalls(GetCommand)).toHaveLength(1);
});

it('says what is missing when nothing was dialed at all', async () => {
  expect(await handler(dialling('', null))).toMatchObject({
    status: 'INVALID',
    message: expect.stringContaining('$.StoredCustomerInput'),
  });
  expect(dynamodb.commandCalls(GetCommand)).toHaveLength(0);
});

it('finds the agent with one read, and knows no status, where no agent event stream is followed', async () => {
  const settings = { table: 'directory', budgetMs: 300, presenceEnabled: false, timeZone: 'UTC' };
  const findTransfer = createFindTransfer(settings);

  expect(await findTransfer({ digits: '1042', calledNumber: undefined })).toMatchObject({
    found: true,
    agentStatus: 'UNKNOWN',
  });
  expect(dynamodb.commandCalls(GetCommand)).toHaveLength(1);
});

describe('where the agent event stream is followed', () => {
  const NOW = new Date('2026-11-20T15:30:00.000Z');
  const lunch = {
    pk: 'AGENT#agent-1',
    sk: 'STATUS',
    status: 'AWAY',
    customStatus: 'Lunch',
    since: '2026-11-20T13:10:00.000Z',
    eventAt: '2026-11-20T15:29:00.000Z',
    eventId: 'e1',
  };
  const known = (Item: object | undefined) =>
    dynamodb.on(GetCommand, { Key: { pk: 'AGENT#agent-1', sk: 'STATUS' } }).resolves({ Item } as never);

  beforeEach(() =>
    jest.useFakeTimers({ now: NOW, doNotFake: ['performance', 'setTimeout', 'setImmediate'] }),
  );
  afterEach(() => jest.useRealTimers());

  it('says how the agent is, and since when, in the language and the time zone of the callers', async () => {
    known(lunch);

    expect(await handler(event)).toMatchObject({
      status: 'FOUND',
      agentStatus: 'AWAY',
      agentSince: '2026-11-20T13:10:00.000Z',
      agentSinceText: 'ten past two',
    });
    expect(dynamodb.commandCalls(GetCommand)).toHaveLength(2);
  });

  it('speaks the language of the block rather than that of the contact', async () => {
    known(lunch);
    const { ContactData } = event.Details;
    const german = { ...ContactData, LanguageCode: 'de-DE' };
    const calling = (ContactData: object, parameters: object) =>
      handler({ Details: { ContactData, Parameters: { digits: '1042', ...parameters } } });

    expect(await calling(german, {})).toMatchObject({ agentSinceText: '14 Uhr 10' });
    expect(await calling(german, { language: '' })).toMatchObject({ agentSinceText: '14 Uhr 10' });
    expect(await calling(german, { language: 'fr' })).toMatchObject({
      agentSinceText: 'cet après-midi à 14 heures 10',
    });
  });

  it.each(['AVAILABLE', 'BUSY', 'AWAY'])(
    'does not believe %s after ten minutes without a heartbeat',
    async (status) => {
      known({ ...lunch, status, eventAt: '2026-11-20T15:20:00.000Z' });
      expect(await handler(event)).toMatchObject({ agentStatus: status });

      known({ ...lunch, status, eventAt: '2026-11-20T15:19:59.000Z' });
      const answer = await handler(event);
      expect(answer).toMatchObject({ status: 'FOUND', agentStatus: 'UNKNOWN' });
      expect(Object.keys(answer).filter((key) => key.startsWith('agentSince'))).toEqual([]);
    },
  );

  it('believes that an agent is offline for a month, because who is offline sends nothing', async () => {
    known({ ...lunch, status: 'OFFLINE', eventAt: '2026-11-01T15:20:00.000Z' });
    expect(await handler(event)).toMatchObject({ agentStatus: 'OFFLINE' });

    known({ ...lunch, status: 'OFFLINE', eventAt: '2026-10-01T15:20:00.000Z' });
    expect(await handler(event)).toMatchObject({ agentStatus: 'UNKNOWN' });
  });

  it.each([
    ['nothing', undefined],
    ['a status that is none', { ...lunch, status: 'GONE' }],
    ['no time', { ...lunch, since: undefined }],
  ])('puts through when %s is stored', async (_, item) => {
    known(item);

    expect(await handler(event)).toMatchObject({ status: 'FOUND', agentStatus: 'UNKNOWN' });
  });

  it.each(['ProvisionedThroughputExceededException', 'AccessDeniedException'])(
    'puts through without a status when its read fails with %s',
    async (name) => {
      dynamodb.on(GetCommand, { Key: { pk: 'AGENT#agent-1', sk: 'STATUS' } }).rejects(namedError(name));

      expect(await handler(event)).toMatchObject({
        status: 'FOUND',
        agentId: 'agent-1',
        agentStatus: 'UNKNOWN',
      });
      expect(dynamodb.commandCalls(GetCommand)).toHaveLength(2);
    },
  );

  it('waits for a status no longer than the number has left of the budget', async () => {
    const { pk, sk, ...rest } = numberItem({ number: '1042', pool: 'extension', state: 'ASSIGNED', owner });
    const afterMs = <T>(ms: number, value: T) => new Promise<T>((done) => setTimeout(() => done(value), ms));
    dynamodb
      .on(GetCommand, { Key: { pk, sk } })
      .callsFake(() => afterMs(200, { Item: { pk, sk, ...rest } }))
      .on(GetCommand, { Key: { pk: 'AGENT#agent-1', sk: 'STATUS' } })
      .callsFake(() => new Promise(() => {}));
    jest.useFakeTimers();
    const told = jest.fn();
    void handler(event).then(told);
    await jest.advanceTimersByTimeAsync(310);

    expect(told).toHaveBeenCalledWith(expect.objectContaining({ status: 'FOUND', agentStatus: 'UNKNOWN' }));
  });
});

it('is degraded, not broken, when the table does not answer', async () => {
  dynamodb.on(GetCommand).rejects(namedError('ProvisionedThroughputExceededException'));

  expect(await handler(event)).toMatchObject({ status: 'DEGRADED' });
});
