import { changeMessageState } from '#core/messages/dispatch/change-message-state.ts';
import { logger, metrics } from '#core/platform/observability.ts';
import type { MemoryDynamoDb } from '#support/memory-dynamodb.ts';
import { createCalmWorld, DAY, type MessageWorld, MINUTE, TABLE } from '#support/message-world.ts';

// Which dispatcher owns a message that is being sent, and what happens when its outcome is lost.

let db: MemoryDynamoDb;
let world: MessageWorld;
const deliver = (...places: number[]) => world.deliver(places);
const states = () => world.states();
const statuses = () => world.statuses();
const logErrors = () => jest.spyOn(logger, 'error').mockImplementation();
/** The metrics that are counted from now on. */
function countedMetrics(): () => string[] {
  const spy = jest.spyOn(metrics, 'addMetric').mockImplementation();
  spy.mockClear();
  return () => spy.mock.calls.map(([name]) => name);
}

const UNWRITTEN = 'the dispatcher could not write the outcome of a message; use it to resolve the message';
const firstUlid = () => world.accepted[0]?.messageId.split('.')[0];

beforeEach(async () => {
  ({ db, world } = await createCalmWorld());
});

type Command = { input: { ExpressionAttributeValues?: { ':state'?: string } } };

/** Replaces the writes that move a message to this state; the dispatchers of the replacement are not affected. */
function atWriteOf(
  state: string,
  replace: (write: () => Promise<object>, time: number) => Promise<object>,
): void {
  const send = db.client.send.bind(db.client) as (command: Command) => Promise<object>;
  let times = 0;
  db.client.send = (async (command: Command) => {
    if (command.input.ExpressionAttributeValues?.[':state'] !== state) return send(command);
    times += 1;
    return replace(() => send(command), times);
  }) as never;
}

/** Something happens between the first claim and its request to the provider. */
function afterFirstClaim(happens: () => Promise<unknown>): void {
  atWriteOf('SENDING', async (write, time) => {
    const answer = await write();
    if (time === 1) await happens();
    return answer;
  });
}

/** Something happens while the provider processes the next text. */
function beforeResponse(happens: () => Promise<unknown>): void {
  const { sleep } = world.clock;
  world.responseMs = 1;
  world.clock.sleep = async () => {
    world.clock.sleep = sleep;
    world.responseMs = 0;
    await happens();
  };
}

test('a claim without an outcome becomes UNKNOWN after two minutes, and the lane continues', async () => {
  await world.accept(0);
  await world.accept(0);
  // The claim is written, and its dispatcher is killed.
  for (let killAt = 0; (await states())[0] === 'ACCEPTED'; killAt += 1) {
    await world.deliver([0], { killAt, side: 'after', faults: 0 });
  }

  world.clock.advance(2 * MINUTE - 1);
  await deliver(1);
  // A dispatcher that meets a claim leaves nothing to a draining run.
  expect(world.wakeUps).toBe(0);
  await world.dispatchDue();
  expect(await states()).toEqual(['SENDING', 'ACCEPTED']);

  world.clock.advance(1);
  await world.dispatchDue();
  expect(await statuses()).toMatchObject([
    { state: 'UNKNOWN', reason: 'DISPATCHER_ENDED' },
    { state: 'SENT' },
  ]);
});

test('a lost response is not retried, and the lane continues', async () => {
  world.provider = 'loses the answer';
  await world.accept(0);
  await world.accept(0);
  await deliver(0);
  world.provider = 'takes';

  world.clock.advance(DAY);
  await world.dispatchDue();

  expect(await statuses()).toMatchObject([
    { state: 'UNKNOWN', reason: 'CONNECTION_LOST' },
    { state: 'UNKNOWN', reason: 'CONNECTION_LOST' },
  ]);
  expect(world.deliveries).toHaveLength(2);
});

test('a dispatcher sends what is accepted during its run, whose own dispatcher met its claim', async () => {
  await world.accept(0);
  afterFirstClaim(async () => {
    await world.accept(0);
    await deliver(1);
    expect(await states()).toEqual(['SENDING', 'ACCEPTED']);
  });

  await deliver(0);

  expect(await states()).toEqual(['SENT', 'SENT']);
});

test('a dispatcher that was frozen after its claim does not send a message that is UNKNOWN by then', async () => {
  await world.accept(0);
  await world.accept(0);
  afterFirstClaim(() => {
    world.clock.advance(3 * MINUTE);
    return world.dispatchDue();
  });

  await deliver(0);

  expect(await states()).toEqual(['UNKNOWN', 'SENT']);
  expect(world.deliveries).toHaveLength(1);
  expect(world.damage()).toEqual([]);
});

test('a dispatcher that was frozen after its claim sends later when its claim is still valid', async () => {
  await world.accept(0);
  afterFirstClaim(async () => world.clock.advance(3 * MINUTE));

  await deliver(0);
  world.clock.advance(MINUTE);
  await world.dispatchDue();

  expect(await states()).toEqual(['SENT']);
  expect(world.deliveries).toHaveLength(1);
});

test('a dispatcher that loses a message to another one releases its slot', async () => {
  ({ world } = await createCalmWorld({ perSecond: 1 }));
  await world.accept(0);
  await world.accept(1);
  const startedAt = world.clock.now();

  await Promise.all([deliver(0), deliver(0)]);
  await deliver(1);

  expect(await states()).toEqual(['SENT', 'SENT']);
  expect(world.clock.now() - startedAt).toBeLessThan(2_000);
});

test('a dispatcher that cannot postpone a message, because another one sent it, continues the lane', async () => {
  await world.accept(0, { quiet: { from: '01:45', until: '09:00' } });
  await world.accept(0);
  atWriteOf('WAITING', async (write) => {
    const [message] = await world.messages();
    const sent = { state: 'SENT' as const, endedAt: new Date(0).toISOString(), providerMessageId: 'p' };
    if (message) await changeMessageState({ client: db.client, messages: TABLE }, message, sent);
    return write();
  });

  await deliver(0);

  expect(await states()).toEqual(['SENT', 'SENT']);
});

describe('when the outcome of a sent text cannot be written', () => {
  test('the dispatcher retries, and keeps the time and the ID of the provider', async () => {
    logErrors();
    await world.accept(0);
    atWriteOf('SENT', (write, time) => (time <= 3 ? Promise.reject(new Error('away')) : write()));
    const endedAt = new Date(world.clock.now()).toISOString();

    await deliver(0);

    expect(await statuses()).toEqual([{ state: 'SENT', endedAt, providerMessageId: 'provider-1' }]);
    expect(world.deliveries).toHaveLength(1);
  });

  test('the dispatcher retries until the claim expires, and the log has the ID for the operator', async () => {
    const logged = logErrors();
    await world.accept(0);
    const startedAt = world.clock.now();
    atWriteOf('SENT', () => Promise.reject(new Error('away')));

    await deliver(0);

    expect(world.clock.now() - startedAt).toBeGreaterThan(MINUTE);
    expect(world.clock.now() - startedAt).toBeLessThanOrEqual(2 * MINUTE);
    expect(logged).toHaveBeenCalledWith(UNWRITTEN, {
      ulid: firstUlid(),
      outcome: 'SENT',
      providerMessageId: 'provider-1',
    });
    world.clock.advance(2 * MINUTE);
    await world.dispatchDue();
    expect(await states()).toEqual(['UNKNOWN']);
    expect(world.deliveries).toHaveLength(1);
  });

  test('because the response to the write was lost, the text is counted once', async () => {
    const counted = countedMetrics();
    await world.accept(0);
    atWriteOf('SENT', async (write, time) => {
      if (time === 1) await write();
      return write();
    });

    await deliver(0);

    expect(await states()).toEqual(['SENT']);
    expect(counted().filter((name) => name === 'MessagesSent')).toHaveLength(1);
  });

  test('because the claim expired meanwhile, the outcome is logged and not counted', async () => {
    const logged = logErrors();
    const counted = countedMetrics();
    await world.accept(0);
    beforeResponse(async () => {
      world.clock.advance(2 * MINUTE);
      await world.dispatchDue();
    });

    await deliver(0);

    expect(await statuses()).toMatchObject([{ state: 'UNKNOWN', reason: 'DISPATCHER_ENDED' }]);
    expect(logged.mock.calls).toEqual([
      [UNWRITTEN, { ulid: firstUlid(), outcome: 'SENT', providerMessageId: 'provider-1' }],
    ]);
    expect(counted()).not.toContain('MessagesSent');
  });
});
