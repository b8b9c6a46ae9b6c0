import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { startFunctions, type TestFunctions } from '#support/functions.ts';
import { request } from '#support/local-stack.ts';
import { type FreshTables, freshTables } from '#support/tables.ts';

/* The built functions, their stream and the emulator of End User Messaging: a text's whole way. */

const OURS = '+16135550100';
const JANE = '+14155550100';

let tables: FreshTables;
let functions: TestFunctions;
let keys = 0;

beforeAll(async () => {
  tables = await freshTables();
  functions = await startFunctions(tables, {
    parameters: { SmsOriginationIdentity: 'FROM_NUMBER', SmsMessagesPerSecond: '100' },
  });
  const Item = { pk: `NUMBER#${OURS}`, sk: 'NUMBER', pool: 'direct', state: 'BLOCKED', reason: 'OTHER_FLOW' };
  await tables.client.send(new PutCommand({ TableName: tables.directory, Item }));
  await request(`${functions.apiUrl}/contacts/jane`, 'PUT', { firstName: 'Jane', identifiers: [JANE] });
  await functions.drainStreams();
});
afterAll(() => functions.stop());

const schedule = () => functions.invoke('MessageDispatcherFunction', { source: 'aws.events' });

async function send(content: string): Promise<string> {
  keys += 1;
  const sms = { idempotencyKey: `key-${keys}`, fromPhoneNumber: OURS, toPhoneNumber: JANE, content };
  const { json } = await request(`${functions.apiUrl}/sms/send/one`, 'POST', { sms });
  expect(json).toMatchObject({ sent: true, duplicate: false });
  return json.messageId;
}

async function statusOf(messageId: string) {
  return (await request(`${functions.apiUrl}/sms/messages/${messageId}`, 'GET')).json;
}

const sent = (content: string) => functions.connect.texts().filter((text) => text.content === content);

/** Makes the next request for a text fail. */
async function provoke(fault: string): Promise<void> {
  const body = JSON.stringify({ operation: 'SendTextMessage', fault });
  const { status } = await fetch(`${functions.connect.url}/_faults`, { method: 'POST', body });
  expect(status).toBeLessThan(300);
}

test('the stream sends an accepted text once', async () => {
  const messageId = await send('Hello');

  await functions.drainStreams();
  await schedule();

  expect(sent('Hello')).toMatchObject([{ from: OURS, to: JANE, type: 'TRANSACTIONAL' }]);
  expect(await statusOf(messageId)).toMatchObject({ state: 'SENT', attempts: 1 });
});

test('a throttled text is retried in the same run when the wait is short', async () => {
  await provoke('429');
  const messageId = await send('Again');

  await functions.drainStreams();

  expect(sent('Again')).toHaveLength(1);
  expect(await statusOf(messageId)).toMatchObject({ state: 'SENT', attempts: 2 });
});

test('a text that is queued behind its rate leaves in its turn, without the scheduled run', async () => {
  const messageId = await send('In turn');
  const [ulid, lane] = messageId.split('.');
  const dueAt = new Date(Date.now() + 2_000).toISOString();
  await tables.client.send(
    new UpdateCommand({
      TableName: tables.messages,
      Key: { pk: `TO#${lane}`, sk: `MESSAGE#${ulid}` },
      UpdateExpression: 'SET #state = :waiting, #reason = :rate, dueAt = :dueAt, gsi1sk = :place',
      ExpressionAttributeNames: { '#state': 'state', '#reason': 'reason' },
      ExpressionAttributeValues: {
        ':waiting': 'WAITING',
        ':rate': 'RATE',
        ':dueAt': dueAt,
        ':place': `${dueAt}#${ulid}`,
      },
    }),
  );

  // The stream of MessagesTable, and then the stream of the wake-up row.
  await functions.drainStreams();
  await functions.drainStreams();

  expect(await statusOf(messageId)).toMatchObject({ state: 'SENT', attempts: 1 });
  expect(sent('In turn')).toHaveLength(1);
});

test.each(['answer-lost', '502'])(
  'after %s, a text is sent again only when a person resolves it as RESEND',
  async (fault) => {
    await provoke(fault);
    const content = `Code after ${fault}`;
    const before = () => sent(content).length;
    const messageId = await send(content);
    await functions.drainStreams();
    await schedule();
    const arrived = before();
    expect(await statusOf(messageId)).toMatchObject({ state: 'UNKNOWN' });
    expect(arrived).toBe(fault === 'answer-lost' ? 1 : 0);

    const { since } = (await statusOf(messageId)) as { since?: string };
    await request(`${functions.apiUrl}/sms/messages/${messageId}/resolve`, 'POST', { as: 'RESEND', since });
    await schedule();

    expect(await statusOf(messageId)).toMatchObject({ state: 'SENT', attempts: 2 });
    expect(sent(content)).toHaveLength(arrived + 1);
  },
);

test('the log contains no recipient and no content', () => {
  expect(functions.log()).toContain('MessagesSent');
  expect(functions.log()).not.toMatch(/14155550100|Hello|Code after/);
});
