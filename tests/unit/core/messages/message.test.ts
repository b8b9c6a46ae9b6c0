import { createKeyring } from '@switchboard/core/platform/keys';
import {
  decryptBody,
  encryptBody,
  type Message,
  type MessageStatus,
  messageFromItem,
  messageItem,
} from '#core/messages/message.ts';
import {
  DUE_SHARDS,
  duePartition,
  laneOf,
  lanesOf,
  messageIdFor,
  partsOfMessageId,
} from '#core/messages/table-keys.ts';

const keyring = createKeyring('main', [{ version: 1, secret: Buffer.alloc(64, 1) }]);
const ULID = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const lane = laneOf(keyring, '+14155550100');
const messageId = messageIdFor(ULID, lane);

function aMessage(status: MessageStatus): Message {
  return {
    messageId,
    from: '+16135550100',
    blob: encryptBody(keyring, messageId, { to: '+14155550100', content: 'Hello' }),
    segments: 1,
    encoding: 'GSM-7',
    origin: 'api',
    attempts: 0,
    acceptedAt: '2026-01-01T00:00:00.000Z',
    ttl: 1_800_000_000,
    status,
  };
}

const statuses: MessageStatus[] = [
  { state: 'ACCEPTED', dueAt: '2026-01-01T00:05:00.000Z' },
  { state: 'WAITING', dueAt: '2026-01-01T00:05:00.000Z', reason: 'QUIET_HOURS' },
  { state: 'SENDING', dueAt: '2026-01-01T00:02:00.000Z', claim: 'c', claimedAt: '2026-01-01T00:00:00.000Z' },
  { state: 'SENT', endedAt: '2026-01-01T00:00:01.000Z', providerMessageId: 'p' },
  { state: 'FAILED', endedAt: '2026-01-01T00:00:01.000Z', reason: 'EXPIRED' },
  { state: 'UNKNOWN', since: '2026-01-01T00:00:01.000Z', reason: 'NO_RESPONSE' },
  { state: 'STORED', endedAt: '2026-01-01T00:00:01.000Z' },
  { state: 'SUPPRESSED', endedAt: '2026-01-01T00:00:01.000Z', reason: 'OPTED_OUT' },
];

test.each(statuses)('a message that is $state is read as it was written', (status) => {
  const message = aMessage(status);

  expect(messageFromItem(messageItem(message))).toEqual(message);
});

test('the index has due messages at their time and UNKNOWN messages separately, and no finished ones', () => {
  const keys = Object.fromEntries(
    statuses.map((status) => {
      const { gsi1pk, gsi1sk } = messageItem(aMessage(status));
      return [status.state, gsi1pk && [gsi1pk, gsi1sk]];
    }),
  );
  const due = expect.stringMatching(/^DUE#[0-7]$/);

  expect(keys).toEqual({
    ACCEPTED: [due, `2026-01-01T00:05:00.000Z#${ULID}`],
    WAITING: [due, `2026-01-01T00:05:00.000Z#${ULID}`],
    SENDING: [due, `2026-01-01T00:02:00.000Z#${ULID}`],
    UNKNOWN: ['UNKNOWN', `2026-01-01T00:00:01.000Z#${ULID}`],
  });
});

test('a message ID contains the key of its item, and does not reveal the recipient', () => {
  expect(partsOfMessageId(messageId)).toEqual({ ulid: ULID, lane });
  expect(messageId).not.toContain('4155550100');
});

test.each([
  '',
  ULID,
  `${ULID}.`,
  `${ULID}.${lane}x`,
  `${ULID.toLowerCase()}.${lane}`,
  `8${ULID.slice(1)}.${lane}`,
])('%j is not a message ID', (text) => expect(partsOfMessageId(text)).toBeUndefined());

test('a recipient has one lane for each key version, different from its hash in LookupTable', () => {
  const rotated = createKeyring('main', [
    { version: 2, secret: Buffer.alloc(64, 2) },
    { version: 1, secret: Buffer.alloc(64, 1) },
  ]);

  expect(lanesOf(rotated, '+14155550100')).toEqual([laneOf(rotated, '+14155550100'), lane]);
  expect(lane).not.toBe(keyring.hash('+14155550100'));
});

test('due messages are spread over all partitions of the index', () => {
  const partitions = new Set(
    Array.from({ length: 500 }, (_, number) => {
      const id = messageIdFor(ULID, laneOf(keyring, `+1415${number}`));
      return messageItem({ ...aMessage({ state: 'ACCEPTED', dueAt: 'T' }), messageId: id }).gsi1pk;
    }),
  );

  expect(partitions).toEqual(new Set(Array.from({ length: DUE_SHARDS }, (_, shard) => duePartition(shard))));
});

test('a body is decrypted only with its own keys, and only as the body of its message', () => {
  const message = aMessage({ state: 'ACCEPTED', dueAt: 'T' });

  expect(decryptBody(keyring, message)).toEqual({ to: '+14155550100', content: 'Hello' });
  expect(() => decryptBody(keyring, { ...message, messageId: `${messageId}x` })).toThrow(
    'belongs to another one',
  );
});

test('an item that is not a message is ignored', () => {
  const item = messageItem(aMessage({ state: 'ACCEPTED', dueAt: 'T' }));

  expect(messageFromItem(undefined)).toBeUndefined();
  expect(messageFromItem({})).toBeUndefined();
  expect(messageFromItem({ ...item, sk: 'OTHER' })).toBeUndefined();
  expect(messageFromItem({ ...item, pk: `OPTOUT#${lane}` })).toBeUndefined();
  expect(messageFromItem({ ...item, blob: 'text' })).toBeUndefined();
  expect(messageFromItem({ ...item, state: undefined })).toBeUndefined();
});
