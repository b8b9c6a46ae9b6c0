import type { ScheduledEvent } from 'aws-lambda';
import { numberItem } from '#core/directory/numbers.ts';
import type { ExpiryResult } from '#core/phonebook/expire-numbers.ts';
import fixture from '#events/number-expiry.json';
import { loadHandler } from '#support/handler.ts';
import type { MemoryDynamoDb } from '#support/memory-dynamodb.ts';
import { mockDirectory } from '#support/mocked-directory.ts';

// The fixture: events/number-expiry.json
const event = fixture as ScheduledEvent;
let db: MemoryDynamoDb;
const handler = loadHandler<ExpiryResult>('number-expiry');

beforeEach(async () => {
  db = mockDirectory();
  await put({ pk: 'SYNC', sk: 'POOL_RANGE', target: '1000-1009', completed: '1000-1009', cursor: 10 });
});

async function put(Item: Record<string, unknown>): Promise<void> {
  const { PutCommand } = await import('@aws-sdk/lib-dynamodb');
  await db.client.send(new PutCommand({ TableName: 'directory', Item }));
}

function quarantined(number: string, days: number) {
  const dueAt = new Date(Date.now() + days * 86_400_000).toISOString();
  return numberItem({ number, pool: 'extension', state: 'QUARANTINED', dueAt });
}

it('ends only quarantines that are due', async () => {
  await put(quarantined('1001', -1));
  await put(quarantined('1002', 1));

  await expect(handler(event)).resolves.toEqual({
    status: 'DONE',
    counts: { quarantinesEnded: 1, reservedNumbersExpired: 0, numbersRemoved: 0, waitingAgentsAssigned: 0 },
  });
  expect(db.items.get('NUMBER#1001 NUMBER')).toMatchObject({ state: 'UNUSED', gsi1pk: 'UNUSED#extension' });
  expect(db.items.get('NUMBER#1002 NUMBER')).toMatchObject({ state: 'QUARANTINED' });
});
