import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { createSenderRecipientCheck } from '#core/messages/acceptance/check-sender-recipient.ts';
import { testKeyring, watchClient } from '#support/contacts.ts';
import { fakeClock } from '#support/directory.ts';
import { memoryDynamoDb } from '#support/memory-dynamodb.ts';

const OURS = '+16135550100';
const sms = { from: OURS, to: '+14165550101' };
const keyring = testKeyring();

async function world() {
  const db = memoryDynamoDb(() => 0);
  const clock = fakeClock();
  const { client, calls } = watchClient(db.client);
  const directory = { client, table: 'directory' };
  const check = createSenderRecipientCheck({
    directory,
    lookup: 'lookup',
    allowUnknownRecipients: true,
    clock,
  });
  const put = (row: object) =>
    db.client.send(
      new PutCommand({ TableName: 'directory', Item: { pk: `NUMBER#${OURS}`, sk: 'NUMBER', ...row } }),
    );
  await put({ pool: 'direct', state: 'ASSIGNED', agentId: 'a' });
  return { clock, calls, put, check: () => check(keyring, sms) };
}

test('a sender is read once in five seconds, and may send no longer than that after its release', async () => {
  const { clock, calls, put, check } = await world();
  await check();
  await put({ pool: 'direct', state: 'UNUSED' });

  clock.advance(4_999);
  await check();
  expect(calls).toEqual(['Get']);

  clock.advance(1);
  await expect(check()).rejects.toMatchObject({ code: 'FROM_NOT_ALLOWED' });
});

test('a rejected sender is not cached', async () => {
  const { put, check } = await world();
  await put({ pool: 'direct', state: 'UNUSED' });
  await expect(check()).rejects.toMatchObject({ code: 'FROM_NOT_ALLOWED' });

  await put({ pool: 'direct', state: 'ASSIGNED', agentId: 'a' });

  await expect(check()).resolves.toBeUndefined();
});
