import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createWakeUp, isWakeUp, type RequestWakeUp, WAKE_UP_KEY } from '#core/messages/dispatch/wake-up.ts';
import { logger } from '#core/platform/observability.ts';
import { type FakeClock, fakeClock } from '#support/directory.ts';
import { memoryDynamoDb } from '#support/memory-dynamodb.ts';
import { objectAt } from '#tools/json.ts';
import { readTemplate } from '#tools/local/template/index.ts';

const MINUTE = 60_000;

let client: DynamoDBDocumentClient;
let clock: FakeClock;
let ask: RequestWakeUp;
let asked: () => unknown;

beforeEach(() => {
  const db = memoryDynamoDb(() => 0);
  client = db.client;
  clock = fakeClock();
  ask = createWakeUp({ client, idempotency: 'idempotency' }, clock);
  asked = () => db.items.get(WAKE_UP_KEY)?.wakeUps;
});

test('each time the row changes, because only then its stream tells of it', async () => {
  await ask(clock.now());
  clock.advance(1_000);
  await ask(clock.now() + MINUTE);

  expect(asked()).toBe(2);
});

test('a process does not ask again within a second, wherever its clock is set', async () => {
  await Promise.all([ask(clock.now()), ask(clock.now()), ask(clock.now() + 10_000)]);
  clock.advance(999);
  await ask(clock.now());
  expect(asked()).toBe(1);

  clock.advance(-MINUTE);
  await ask(clock.now());
  expect(asked()).toBe(2);
});

test('nobody asks for what is due after the next run of the schedule', async () => {
  await ask(clock.now() + 65_001);
  expect(asked()).toBeUndefined();

  await ask(clock.now() + 65_000);
  expect(asked()).toBe(1);
});

test('who is not heard goes on, says so, and asks again the next time', async () => {
  const told = jest.spyOn(logger, 'warn').mockImplementation();
  const send = client.send.bind(client);
  client.send = () => Promise.reject(new Error('away'));
  await ask(clock.now());
  expect(told).toHaveBeenCalledWith(
    'the dispatcher could not request a wake-up; the scheduled run sends what is due',
    { error: expect.anything() },
  );

  client.send = send as never;
  await ask(clock.now());
  expect(asked()).toBe(1);
});

test('the dispatcher is told of the row, and of nothing else in its table', () => {
  const fn = readTemplate(process.cwd())
    .ofType('AWS::Serverless::Function')
    .find(({ logicalId }) => logicalId === 'MessageDispatcherFunction');
  const follow = objectAt(objectAt(objectAt(fn?.properties ?? {}, 'Events'), 'WakeUp'), 'Properties');

  expect(follow.Stream).toContain('table/IdempotencyTable/stream/');
  // One run at a time.
  expect(follow).toMatchObject({ ParallelizationFactor: 1 });
  expect(follow.FilterCriteria).toEqual({
    Filters: [{ Pattern: JSON.stringify({ dynamodb: { Keys: { id: { S: [WAKE_UP_KEY] } } } }) }],
  });
});

test.each([
  [{ Records: [{ dynamodb: { Keys: { id: { S: WAKE_UP_KEY } } } }] }, true],
  [{ Records: [{ dynamodb: { Keys: { id: { S: 'sms#abc' } } } }] }, false],
  [{ Records: [{ dynamodb: { Keys: { pk: { S: 'TO#x' }, sk: { S: 'MESSAGE#y' } } } }] }, false],
  [{ Records: [] }, false],
  [{ Records: [null] }, false],
  [{ Records: 'none' }, false],
  [{ source: 'aws.events' }, false],
  [null, false],
  [undefined, false],
])('%j asks: %s', (event, expected) => {
  expect(isWakeUp(event)).toBe(expected);
});
