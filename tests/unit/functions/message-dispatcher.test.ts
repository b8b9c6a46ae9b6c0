import { GenerateMacCommand, KMSClient } from '@aws-sdk/client-kms';
import { PinpointSMSVoiceV2Client, SendTextMessageCommand } from '@aws-sdk/client-pinpoint-sms-voice-v2';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { encryptBody, messageItem } from '#core/messages/message.ts';
import { messageIdOfKey } from '#core/messages/table-keys.ts';
import fixture from '#events/message-dispatcher.json';
import { testKeyring } from '#support/contacts.ts';
import { loadHandler } from '#support/handler.ts';
import type { MemoryDynamoDb } from '#support/memory-dynamodb.ts';
import { mockDirectory } from '#support/mocked-directory.ts';

// The fixture: events/message-dispatcher.json
const batch = fixture as DynamoDBStreamEvent;
const scheduled = { source: 'aws.events' };
const { Keys } = fixture.Records[0]?.dynamodb ?? {};
const pk = Keys?.pk.S ?? '';
const sk = Keys?.sk.S ?? '';
const key = `${pk} ${sk}`;
const OURS = '+16135550100';
const keyring = testKeyring();
const kms = mockClient(KMSClient);
const sender = mockClient(PinpointSMSVoiceV2Client);

let db: MemoryDynamoDb;
const handler = loadHandler<unknown>('message-dispatcher', { ALLOW_UNKNOWN_RECIPIENTS: 'true' });

beforeEach(async () => {
  kms.reset();
  sender.reset();
  kms.on(GenerateMacCommand).resolves({ Mac: Buffer.alloc(64, 1) });
  sender.on(SendTextMessageCommand).resolves({ MessageId: 'provider-1' });
  db = mockDirectory();
  await put({ pk: `NUMBER#${OURS}`, sk: 'NUMBER', pool: 'direct', state: 'BLOCKED', reason: 'OTHER_FLOW' });
});

async function put(Item: Record<string, unknown>): Promise<void> {
  await db.client.send(new PutCommand({ TableName: 'table', Item }));
}

async function accept(dueAt: string): Promise<void> {
  const messageId = messageIdOfKey({ pk, sk }) ?? '';
  await put(
    messageItem({
      messageId,
      from: OURS,
      blob: encryptBody(keyring, messageId, { to: '+14165550101', content: 'Hello' }),
      segments: 1,
      encoding: 'GSM-7',
      origin: 'api',
      attempts: 0,
      acceptedAt: new Date().toISOString(),
      ttl: Math.ceil(Date.now() / 1_000) + 30 * 86_400,
      status: { state: 'ACCEPTED', dueAt },
    }),
  );
}

it('sends what the stream tells of', async () => {
  await accept(new Date(Date.now() + 300_000).toISOString());

  expect(await handler(batch)).toEqual({ batchItemFailures: [] });
  expect(sender.commandCalls(SendTextMessageCommand).map(({ args }) => args[0].input)).toEqual([
    {
      DestinationPhoneNumber: '+14165550101',
      OriginationIdentity: OURS,
      MessageBody: 'Hello',
      MessageType: 'TRANSACTIONAL',
      Context: { switchboardMessage: sk.slice('MESSAGE#'.length) },
    },
  ]);
  expect(db.items.get(key)).toMatchObject({ state: 'SENT', providerMessageId: 'provider-1', attempts: 1 });
});

it('sends on schedule what is due, because the stream lost it', async () => {
  await accept(new Date(Date.now() - 1_000).toISOString());

  expect(await handler(scheduled)).toEqual({
    status: 'DONE',
    counts: { due: 1, lanes: 1, failed: 0, overdueMs: expect.any(Number) },
  });
  expect(db.items.get(key)).toMatchObject({ state: 'SENT' });
});

it('names the records of a lane that it could not read, so that they are delivered again', async () => {
  db.client.send = () => Promise.reject(new Error('no'));

  expect(await handler(batch)).toEqual({ batchItemFailures: [{ itemIdentifier: '111' }] });
});
