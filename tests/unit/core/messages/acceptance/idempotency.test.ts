import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createIdempotency } from '#core/messages/acceptance/idempotency.ts';
import { namedError } from '#support/directory.ts';

test('a transaction that always conflicts ends in an error that says to retry, immediately after the last attempt', async () => {
  let attempts = 0;
  const client = {
    async send() {
      attempts += 1;
      throw namedError('TransactionCanceledException', {
        CancellationReasons: [{ Code: 'TransactionConflict' }, { Code: 'None' }],
      });
    },
  } as unknown as DynamoDBDocumentClient;
  const clock = { now: () => 0, random: () => 0.5, sleep: jest.fn(async () => {}) };
  const tables = { client, messages: 'messages', idempotency: 'idempotency', clock };
  const answer = { messageId: 'm', status: 'ACCEPTED', segments: 1, notBefore: '' } as never;

  await expect(
    createIdempotency(tables, 60).acceptOnce({
      ...{
        keys: [{ key: 'k', fingerprint: 'f' }],
        item: { pk: 'm', sk: 'm' },
        clientToken: 't',
        response: answer,
      },
    }),
  ).rejects.toMatchObject({ name: 'UnavailableError', code: 'UNAVAILABLE' });
  expect(attempts).toBe(10);
  expect(clock.sleep).toHaveBeenCalledTimes(9);
});
