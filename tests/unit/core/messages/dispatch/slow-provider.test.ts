import { logger, metrics } from '#core/platform/observability.ts';
import type { MemoryDynamoDb } from '#support/memory-dynamodb.ts';
import { createCalmWorld, type MessageWorld, MINUTE } from '#support/message-world.ts';

// What others do while the provider takes its time, and what becomes of a run that has none left.

let db: MemoryDynamoDb;
let world: MessageWorld;
const deliver = (...places: number[]) => world.deliver(places);
const statuses = () => world.statuses();

beforeEach(async () => {
  ({ db, world } = await createCalmWorld());
});

/** The provider takes the next text, and answers when this has happened. */
function beforeAnswer(happens: () => Promise<unknown>): void {
  const { sleep } = world.clock;
  world.responseMs = 1;
  world.clock.sleep = async () => {
    world.clock.sleep = sleep;
    world.responseMs = 0;
    await happens();
  };
}

test('a claim is another’s business for two minutes, to the millisecond', async () => {
  await world.accept(0);
  const seen: unknown[] = [];
  jest.spyOn(logger, 'error').mockImplementation();
  beforeAnswer(async () => {
    world.clock.advance(2 * MINUTE - 1);
    await deliver(0);
    seen.push(...(await statuses()));
    world.clock.advance(1);
    await deliver(0);
    seen.push(...(await statuses()));
  });

  await deliver(0);

  expect(seen).toMatchObject([{ state: 'SENDING' }, { state: 'UNKNOWN', reason: 'DISPATCHER_ENDED' }]);
  // Whoever meets a claim leaves nothing that a run would have to follow.
  expect(world.wakeUps).toBe(0);
});

test('an answer that comes when others have judged stands in the log for the person who decides, and is not counted', async () => {
  const told = jest.spyOn(logger, 'error').mockImplementation();
  const metric = jest.spyOn(metrics, 'addMetric').mockImplementation();
  await world.accept(0);
  beforeAnswer(async () => {
    world.clock.advance(2 * MINUTE);
    await world.dispatchDue();
  });

  await deliver(0);

  expect(await statuses()).toMatchObject([{ state: 'UNKNOWN', reason: 'DISPATCHER_ENDED' }]);
  expect(told.mock.calls).toEqual([
    [
      'the dispatcher could not write the outcome of a message; use it to resolve the message',
      {
        ulid: world.accepted[0]?.messageId.split('.')[0],
        outcome: 'SENT',
        providerMessageId: 'provider-1',
      },
    ],
  ]);
  expect(metric.mock.calls.map(([name]) => name)).not.toContain('MessagesSent');
});

const laterBy = (milliseconds: number) => new Date(world.clock.now() + milliseconds).toISOString();

test.each([
  ['of the schedule', 0, () => world.dispatchDue()],
  ['that follows', 1_000, () => world.drainDue()],
])(
  'a run %s begins nothing when its time is over, says so, and the next one goes on',
  async (_, wait, run) => {
    for (let one = 0; one < 20; one += 1) {
      await world.accept(0, { status: { state: 'ACCEPTED', dueAt: laterBy(wait) } });
    }
    const begun = world.clock.now();
    world.responseMs = 10_000;

    expect(await run()).toMatchObject({ status: 'PARTIAL' });

    expect(world.deliveries.at(-1)?.at).toBeLessThan(begun + 160_000);
    const left = (await statuses()).filter(({ state }) => state === 'ACCEPTED');
    expect(left).toHaveLength(20 - world.deliveries.length);
    expect(left.length).toBeGreaterThan(0);
    expect(await world.dispatchDue()).toMatchObject({ status: 'DONE' });
    expect(world.deliveries).toHaveLength(20);
  },
);

test('a run that follows leaves alone what it could not work on', async () => {
  jest.spyOn(logger, 'error').mockImplementation();
  await world.accept(0, { status: { state: 'ACCEPTED', dueAt: laterBy(0) } });
  await world.accept(1, { status: { state: 'ACCEPTED', dueAt: laterBy(30_000) } });
  const { send } = db.client as { send(command: object): Promise<object> };
  const hash = world.keyring.hash(world.accepted[0]?.to ?? '');
  db.client.send = (async (command: object) => {
    if (JSON.stringify(command).includes(hash)) throw new Error('away');
    return send(command);
  }) as never;

  expect(await world.drainDue()).toMatchObject({ counts: { lanes: 2, failed: 1 } });

  expect(await statuses()).toMatchObject([{ state: 'ACCEPTED' }, { state: 'SENT' }]);
});
