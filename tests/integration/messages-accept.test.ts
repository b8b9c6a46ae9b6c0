import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { decryptBody } from '#core/messages/message.ts';
import { systemClock } from '#core/platform/clock.ts';
import { chaoticClient, Killed, seededRandom } from '#support/chaos.ts';
import { testKeyring, watchClient } from '#support/contacts.ts';
import {
  accepting,
  forgetMessages,
  JANE,
  OURS,
  putNumber,
  putSenderRecipient,
  scan,
  sms,
  storedMessages,
} from '#support/messages.ts';
import { type FreshTables, freshTables } from '#support/tables.ts';

const DAY = 86_400_000;
const START = Date.parse('2026-01-01T00:00:00.000Z');

let tables: FreshTables;

beforeAll(async () => {
  tables = await freshTables();
});

beforeEach(async () => {
  await forgetMessages(tables);
  await putSenderRecipient(tables);
});

afterEach(() => jest.restoreAllMocks());

const hastyClock = { ...systemClock, sleep: async () => undefined };
/** Powertools reads the time by itself. */
const setTime = (time: number) => jest.spyOn(Date, 'now').mockReturnValue(time);

describe('an accepted message', () => {
  it('is stored encrypted with its key, is due within five minutes, and has a ttl', async () => {
    setTime(START);
    const accepted = await accepting(tables, { clock: { ...systemClock, now: () => START } })(sms());
    const [message, ...others] = await storedMessages(tables);
    const [record] = await scan(tables, tables.idempotency);

    expect(others).toEqual([]);
    expect(accepted).toEqual({
      messageId: message?.messageId,
      duplicate: false,
      segments: 1,
      encoding: 'GSM-7',
    });
    expect(message).toMatchObject({
      from: OURS,
      origin: 'api',
      attempts: 0,
      acceptedAt: '2026-01-01T00:00:00.000Z',
      ttl: (START + 30 * DAY) / 1_000,
      status: { state: 'ACCEPTED', dueAt: '2026-01-01T00:05:00.000Z' },
    });
    expect(message && decryptBody(testKeyring(), message)).toEqual({ to: JANE, content: 'Hello' });
    expect(record).toEqual({
      id: expect.stringMatching(/^sms#.{44}$/),
      status: 'COMPLETED',
      expiration: (START + 35 * DAY) / 1_000,
      data: { messageId: message?.messageId, segments: 1, encoding: 'GSM-7' },
      validation: expect.stringMatching(/^.{44}$/),
    });
  });

  it('stores neither its recipient nor its content nor its key in plain text', async () => {
    await accepting(tables)(sms({ idempotencyKey: 'MARKED-key', content: 'MARKED content' }));

    for (const table of [tables.messages, tables.idempotency]) {
      const stored = JSON.stringify(await scan(tables, table));
      for (const text of ['MARKED', '4155550100', Buffer.from('MARKED').toString('base64').slice(0, 8)]) {
        expect(stored).not.toContain(text);
      }
    }
  });
});

describe('a repeated message', () => {
  it('from 50 processes at once is accepted once, with the same response', async () => {
    const places = Array.from({ length: 50 }, () => accepting(tables));
    const answers = await Promise.all(places.map((accept) => accept(sms())));

    expect(answers.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    expect(new Set(answers.map(({ messageId }) => messageId)).size).toBe(1);
    expect(await storedMessages(tables)).toHaveLength(1);
  });

  it('is recognized in any notation of the numbers, and with whitespace around the content', async () => {
    const accept = accepting(tables);
    const first = await accept(sms());

    expect(
      await accept(sms({ to: '+1 (415) 555-0100', from: '+1 613-555-0100', content: ' Hello\n' })),
    ).toEqual({
      ...first,
      duplicate: true,
    });
  });

  it('is a duplicate after a week, and a new message after five weeks, when its key has expired', async () => {
    let now = START;
    const accept = accepting(tables, { clock: { ...systemClock, now: () => now } });
    const at = (time: number) => {
      now = time;
      setTime(time);
      return accept(sms());
    };
    const first = await at(START);

    expect(await at(START + 7 * DAY)).toEqual({ ...first, duplicate: true });
    expect(await at(START + 35 * DAY - 1)).toEqual({ ...first, duplicate: true });
    expect(await at(START + 35 * DAY + 1)).toMatchObject({ duplicate: false });
    expect(await storedMessages(tables)).toHaveLength(2);
  });

  it('is a duplicate for as long as messages are stored, if that is longer', async () => {
    setTime(START);
    await accepting(tables, {}, { MESSAGE_RETENTION_DAYS: 100 })(sms());

    expect(await scan(tables, tables.idempotency)).toMatchObject([
      { expiration: (START + 100 * DAY) / 1_000 },
    ]);
  });

  it('is a duplicate even if the sender was released and the contact was deleted', async () => {
    const first = await accepting(tables)(sms());
    await putNumber(tables, OURS, { pool: 'direct', state: 'UNUSED' });
    const Key = { pk: testKeyring().hash(JANE), sk: 'C-1' };
    await tables.client.send(new DeleteCommand({ TableName: tables.lookup, Key }));

    expect(await accepting(tables)(sms())).toEqual({ ...first, duplicate: true });
    await expect(accepting(tables)(sms({ content: 'Other' }))).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
    await expect(accepting(tables)(sms({ idempotencyKey: 'new' }))).rejects.toMatchObject({
      name: 'UnprocessableError',
    });
  });

  it('is recognized while keys rotate', async () => {
    const under = (versions: number[]) => accepting(tables, { keyring: async () => testKeyring(versions) });
    await putSenderRecipient(tables, testKeyring([2, 1]));
    const first = await under([1])(sms());

    for (const versions of [
      [1, 2],
      [2, 1],
    ]) {
      expect(await under(versions)(sms())).toEqual({ ...first, duplicate: true });
      await expect(under(versions)(sms({ content: 'Other' }))).rejects.toMatchObject({
        code: 'IDEMPOTENCY_KEY_REUSED',
      });
    }
    expect(await storedMessages(tables)).toHaveLength(1);
  });

  it('is accepted once by processes with different key versions', async () => {
    await putSenderRecipient(tables, testKeyring([2, 1]));
    const places = Array.from({ length: 8 }, (_, place) =>
      accepting(tables, { keyring: async () => testKeyring(place % 2 === 0 ? [1, 2] : [2, 1]) }),
    );
    const answers = await Promise.all(places.map((accept) => accept(sms())));

    expect(new Set(answers.map(({ messageId }) => messageId)).size).toBe(1);
    expect(await storedMessages(tables)).toHaveLength(1);
  });
});

it.each([
  ['content', { content: 'Good bye' }],
  ['recipient', { to: '+14155550101' }],
  ['sender', { from: '+16135550101' }],
])('another %s with a used key is rejected, and nothing is accepted', async (_, parts) => {
  await putNumber(tables, '+16135550101', { pool: 'direct', state: 'ASSIGNED' });
  await putNumber(tables, '+14155550101', { pool: 'extension', state: 'ASSIGNED' });
  const accept = accepting(tables);
  await accept(sms());

  await expect(accept(sms(parts))).rejects.toMatchObject({
    name: 'UnprocessableError',
    code: 'IDEMPOTENCY_KEY_REUSED',
    field: 'idempotencyKey',
  });
  expect(await storedMessages(tables)).toHaveLength(1);
});

describe('a process that is killed, or that loses responses,', () => {
  // Sender, recipient, transaction.
  const places = [0, 1, 2].flatMap((killAt) =>
    (['before', 'after'] as const).map((side) => ({ killAt, side })),
  );

  it.each(places)(
    '$side its AWS call $killAt leaves the message and its key, or neither',
    async ({ killAt, side }) => {
      const client = chaoticClient(tables.client, { killAt, side, faults: 0 }, seededRandom(killAt));
      await expect(accepting(tables, { client })(sms())).rejects.toThrow(Killed);

      const survivors = await storedMessages(tables);
      expect(await scan(tables, tables.idempotency)).toHaveLength(survivors.length);
      const again = await accepting(tables)(sms());
      expect(again.duplicate).toBe(survivors.length === 1);
      expect(await storedMessages(tables)).toHaveLength(1);
    },
  );

  it('does not report its own write as a duplicate', async () => {
    let lost = 0;
    const fail = (command: string) => {
      if (command !== 'TransactWrite' || lost > 0) return undefined;
      lost += 1;
      return 'TransactionInProgressException';
    };
    const { client, calls } = watchClient(tables.client, { fail, after: true });
    const answer = await accepting(tables, { client, clock: hastyClock })(sms());

    expect(calls.filter((call) => call === 'TransactWrite')).toHaveLength(2);
    expect(answer.duplicate).toBe(false);
    expect(await storedMessages(tables)).toHaveLength(1);
  });

  it('retries after a conflict or a throttle, up to a limit', async () => {
    const busy = (times: number) => {
      let failed = 0;
      const fail = (command: string) =>
        command === 'TransactWrite' && failed++ < times ? 'ThrottlingException' : undefined;
      return accepting(tables, { client: watchClient(tables.client, { fail }).client, clock: hastyClock });
    };

    expect(await busy(4)(sms())).toMatchObject({ duplicate: false });
    await expect(busy(99)(sms({ idempotencyKey: 'other' }))).rejects.toMatchObject({
      name: 'UnavailableError',
    });
    expect(await storedMessages(tables)).toHaveLength(1);
  });

  it.each(['Get', 'Query', 'TransactWrite'])(
    'says so when %s fails, and may be asked again',
    async (call) => {
      const { client } = watchClient(tables.client, {
        fail: (command) => (command === call ? 'InternalServerError' : undefined),
      });
      await expect(accepting(tables, { client, clock: hastyClock })(sms())).rejects.toMatchObject({
        name: 'UnavailableError',
      });

      expect(await storedMessages(tables)).toEqual([]);
      expect(await accepting(tables)(sms())).toMatchObject({ duplicate: false });
    },
  );
});

describe('the sender and the recipient', () => {
  it.each([
    [{ pool: 'direct', state: 'ASSIGNED' }, true],
    [{ pool: 'direct', state: 'ASSIGNED', sms: true }, true],
    [{ pool: 'direct', state: 'BLOCKED', reason: 'OTHER_FLOW' }, true],
    [{ pool: 'direct', state: 'ASSIGNED', sms: false }, false],
    [{ pool: 'direct', state: 'BLOCKED', reason: 'NOT_IN_CONNECT' }, false],
    [{ pool: 'direct', state: 'UNUSED' }, false],
    [{ pool: 'extension', state: 'ASSIGNED' }, false],
  ])('a number that is %j may send: %s', async (row, may) => {
    await putNumber(tables, OURS, row);
    const answer = accepting(tables)(sms());

    await (may
      ? expect(answer).resolves.toMatchObject({ duplicate: false })
      : expect(answer).rejects.toMatchObject({ code: 'FROM_NOT_ALLOWED', field: 'fromPhoneNumber' }));
  });

  it('a recipient is a contact, is in the directory, or unknown recipients are allowed', async () => {
    const to = '+14155550199';
    await expect(accepting(tables)(sms({ to }))).rejects.toMatchObject({
      code: 'RECIPIENT_UNKNOWN',
      field: 'toPhoneNumber',
    });
    expect(await accepting(tables, {}, { ALLOW_UNKNOWN_RECIPIENTS: true })(sms({ to }))).toMatchObject({
      duplicate: false,
    });
    await putNumber(tables, to, { pool: 'direct', state: 'ASSIGNED' });
    expect(await accepting(tables)(sms({ to, idempotencyKey: 'to a colleague' }))).toMatchObject({
      duplicate: false,
    });
  });

  it('a sender is not looked up for each message', async () => {
    const { client, calls } = watchClient(tables.client);
    const accept = accepting(tables, { client });
    for (const idempotencyKey of ['1', '2', '3']) await accept(sms({ idempotencyKey }));

    expect(calls).toEqual(['Get', ...Array(3).fill(['Query', 'TransactWrite']).flat()]);
  });
});
