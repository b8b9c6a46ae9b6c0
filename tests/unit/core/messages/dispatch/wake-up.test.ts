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
let requestWakeUp: RequestWakeUp;
let wakeUps: () => unknown;

beforeEach(() => {
  const db = memoryDynamoDb(() => 0);
  client = db.client;
  clock = fakeClock();
  requestWakeUp = createWakeUp({ client, idempotency: 'idempotency' }, clock);
  wakeUps = () => db.items.get(WAKE_UP_KEY)?.wakeUps;
});

test('each request changes the row, because otherwise its stream has no record', async () => {
  await requestWakeUp(clock.now());
  clock.advance(1_000);
  await requestWakeUp(clock.now() + MINUTE);

  expect(wakeUps()).toBe(2);
});

test('a process requests one wake-up in a second, even if its clock is set', async () => {
  await Promise.all([
    requestWakeUp(clock.now()),
    requestWakeUp(clock.now()),
    requestWakeUp(clock.now() + 10_000),
  ]);
  clock.advance(999);
  await requestWakeUp(clock.now());
  expect(wakeUps()).toBe(1);

  clock.advance(-MINUTE);
  await requestWakeUp(clock.now());
  expect(wakeUps()).toBe(2);
});

test('no wake-up is requested for what is due after the next scheduled run', async () => {
  await requestWakeUp(clock.now() + 65_001);
  expect(wakeUps()).toBeUndefined();

  await requestWakeUp(clock.now() + 65_000);
  expect(wakeUps()).toBe(1);
});

test('a failed request is logged, and the next one is not skipped', async () => {
  const logged = jest.spyOn(logger, 'warn').mockImplementation();
  const send = client.send.bind(client);
  client.send = () => Promise.reject(new Error('away'));
  await requestWakeUp(clock.now());
  expect(logged).toHaveBeenCalledWith(
    'the dispatcher could not request a wake-up; the scheduled run sends what is due',
    { error: expect.anything() },
  );

  client.send = send as never;
  await requestWakeUp(clock.now());
  expect(wakeUps()).toBe(1);
});

test('the stream of IdempotencyTable delivers only the wake-up row to the dispatcher', () => {
  const fn = readTemplate(process.cwd())
    .ofType('AWS::Serverless::Function')
    .find(({ logicalId }) => logicalId === 'MessageDispatcherFunction');
  const wakeUp = objectAt(objectAt(objectAt(fn?.properties ?? {}, 'Events'), 'WakeUp'), 'Properties');

  expect(wakeUp.Stream).toContain('table/IdempotencyTable/stream/');
  // One run at a time.
  expect(wakeUp).toMatchObject({ ParallelizationFactor: 1 });
  expect(wakeUp.FilterCriteria).toEqual({
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
])('%j is a wake-up: %s', (event, expected) => {
  expect(isWakeUp(event)).toBe(expected);
});
