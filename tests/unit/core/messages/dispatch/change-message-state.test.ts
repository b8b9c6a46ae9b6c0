import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { changeMessageState, failUnreadable } from '#core/messages/dispatch/change-message-state.ts';
import { type Message, type MessageStatus, messageItem } from '#core/messages/message.ts';
import { messageIdFor, messageKey } from '#core/messages/table-keys.ts';
import { memoryDynamoDb } from '#support/memory-dynamodb.ts';

const NOW = '2026-11-01T08:00:00.000Z';
const LATER = '2026-11-01T09:00:00.000Z';
const parts = { ulid: '01K8Z3M5T0ABCDEFGHJKMNPQRS', lane: 'x'.repeat(43) };

function message(status: MessageStatus): Message {
  return {
    ...{ messageId: messageIdFor(parts.ulid, parts.lane), from: '+16135550100', blob: Buffer.from('x') },
    ...{ segments: 1, encoding: 'GSM-7', origin: 'api', attempts: 0, acceptedAt: NOW, ttl: 2e9, status },
  };
}

const claimed = (claim: string) => ({ state: 'SENDING', claim, claimedAt: NOW, dueAt: LATER }) as const;

test.each<[string, MessageStatus, MessageStatus]>([
  [
    'was postponed meanwhile',
    { state: 'WAITING', dueAt: LATER, reason: 'RATE_LIMIT' },
    { state: 'WAITING', dueAt: NOW, reason: 'RATE_LIMIT' },
  ],
  ['was postponed behind another', { state: 'ACCEPTED', dueAt: LATER }, { state: 'ACCEPTED', dueAt: NOW }],
  ['waits', { state: 'WAITING', dueAt: NOW, reason: 'RATE_LIMIT' }, { state: 'ACCEPTED', dueAt: NOW }],
  ['is claimed', claimed('a'), { state: 'ACCEPTED', dueAt: LATER }],
  ['was resent, and has another claim', claimed('b'), claimed('a')],
  ['became UNKNOWN', { state: 'UNKNOWN', since: LATER, reason: 'DISPATCHER_ENDED' }, claimed('a')],
])('a message that %s is not moved', async (_, is, was) => {
  const { client, items } = memoryDynamoDb(() => 0);
  const table = { client, messages: 'messages' };
  await client.send(new PutCommand({ TableName: 'messages', Item: messageItem(message(is)) }));
  const before = new Map(items);

  for (const to of [claimed('c'), { state: 'SENT', endedAt: LATER, providerMessageId: 'p' }] as const) {
    expect(await changeMessageState(table, message(was), to)).toBe(false);
  }

  expect(items).toEqual(before);
  const { pk, sk } = messageKey(parts);
  expect(items.get(`${pk} ${sk}`)).toMatchObject({ state: is.state });
  expect(await changeMessageState(table, message(is), claimed('c'))).toBe(true);
});

test.each([
  ['had a state', 'ACCEPTED'],
  ['had none', undefined],
])('an unreadable item that %s fails only while this is true', async (_, state) => {
  const { client, items } = memoryDynamoDb(() => 0);
  const table = { client, messages: 'messages' };
  const key = messageKey(parts);
  const put = (Item: object) =>
    client.send(new PutCommand({ TableName: 'messages', Item: { ...key, ...Item } }));
  const fail = () => failUnreadable(table, { unreadable: { ...key, state } }, LATER);

  await put({ state: 'SENDING' });
  expect(await fail()).toBe(false);
  expect([...items.values()]).toEqual([{ ...key, state: 'SENDING' }]);

  await put(state === undefined ? {} : { state });
  expect(await fail()).toBe(true);
  expect([...items.values()]).toMatchObject([{ state: 'FAILED', reason: 'UNREADABLE', endedAt: LATER }]);
});
