import { moveMessage } from '#core/messages/dispatch/move-message.ts';
import { logger, metrics } from '#core/platform/observability.ts';
import type { MemoryDynamoDb } from '#support/memory-dynamodb.ts';
import { createCalmWorld, DAY, type MessageWorld, MINUTE, TABLE } from '#support/message-world.ts';

// Whose a message is that is on its way, and what becomes of it when nobody hears of its end.

let db: MemoryDynamoDb;
let world: MessageWorld;
const deliver = (...places: number[]) => world.deliver(places);
const states = () => world.states();
const statuses = () => world.statuses();

beforeEach(async () => {
  ({ db, world } = await createCalmWorld());
});

test('a claim whose dispatcher ended becomes UNKNOWN after two minutes, and not before', async () => {
  await world.accept(0);
  await world.accept(0);
  // The claim is written, and nobody hears of it.
  for (let killAt = 0; (await states())[0] === 'ACCEPTED'; killAt += 1) {
    await world.deliver([0], { killAt, side: 'after', faults: 0 });
  }
  expect(await states()).toEqual(['SENDING', 'ACCEPTED']);

  await world.dispatchDue();
  await deliver(1);
  expect(await states()).toEqual(['SENDING', 'ACCEPTED']);

  world.clock.advance(2 * MINUTE);
  await world.dispatchDue();
  expect(await statuses()).toMatchObject([
    { state: 'UNKNOWN', reason: 'DISPATCHER_ENDED' },
    { state: 'SENT' },
  ]);
});

describe('when the answer is lost', () => {
  test('nobody tries again, and what is behind goes on', async () => {
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

  test('a person has it sent again, a week later too, and it has a day of its own', async () => {
    world.provider = 'loses the request';
    await world.accept(0);
    await deliver(0);
    world.provider = 'takes';
    world.clock.advance(7 * DAY);

    await world.resend(0);
    await world.dispatchDue();

    expect(await states()).toEqual(['SENT']);
    expect(world.deliveries).toHaveLength(1);
  });
});

/** Something happens between the claim of the first message and the request to the provider. */
function afterFirstClaim(meanwhile: () => Promise<unknown>): void {
  const send = db.client.send.bind(db.client) as (command: unknown) => Promise<object>;
  let over = false;
  db.client.send = (async (command: { input: { ExpressionAttributeValues?: { ':state'?: string } } }) => {
    const answer = await send(command);
    if (over || command.input.ExpressionAttributeValues?.[':state'] !== 'SENDING') return answer;
    over = true;
    await meanwhile();
    return answer;
  }) as never;
}

test('a dispatcher sends what is accepted while it works, of which another was told that met its claim', async () => {
  await world.accept(0);
  afterFirstClaim(async () => {
    await world.accept(0);
    await deliver(1);
    expect(await states()).toEqual(['SENDING', 'ACCEPTED']);
  });

  await deliver(0);

  expect(await states()).toEqual(['SENT', 'SENT']);
});

describe('a dispatcher that stood still after its claim', () => {
  test('does not send what others have judged by then', async () => {
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

  test('knows that it did not send, and does so later', async () => {
    await world.accept(0);
    afterFirstClaim(async () => world.clock.advance(3 * MINUTE));

    await deliver(0);
    world.clock.advance(MINUTE);
    await world.dispatchDue();

    expect(await states()).toEqual(['SENT']);
    expect(world.deliveries).toHaveLength(1);
  });
});

test('who loses a message to another dispatcher leaves the turn to others', async () => {
  ({ world } = await createCalmWorld({ perSecond: 1 }));
  await world.accept(0);
  await world.accept(1);
  const begun = world.clock.now();

  await Promise.all([deliver(0), deliver(0)]);
  await deliver(1);

  expect(await states()).toEqual(['SENT', 'SENT']);
  expect(world.clock.now() - begun).toBeLessThan(2_000);
});

test('who would let a message wait that somebody else has sent goes on with the next one', async () => {
  await world.accept(0, { quiet: { from: '01:45', until: '09:00' } });
  await world.accept(0);
  atWriteOf('WAITING', async (write) => {
    const [message] = await world.messages();
    const sent = { state: 'SENT' as const, endedAt: new Date(0).toISOString(), providerMessageId: 'p' };
    if (message) await moveMessage({ client: db.client, messages: TABLE }, message, sent);
    return write();
  });

  await deliver(0);

  expect(await states()).toEqual(['SENT', 'SENT']);
});

/** A write that moves a message to this state meets something first; others of the run go on. */
function atWriteOf(
  state: string,
  meet: (write: () => Promise<object>, time: number) => Promise<object>,
): void {
  const send = db.client.send.bind(db.client) as (command: unknown) => Promise<object>;
  let times = 0;
  db.client.send = (async (command: { input: { ExpressionAttributeValues?: { ':state'?: string } } }) => {
    if (command.input.ExpressionAttributeValues?.[':state'] !== state) return send(command);
    times += 1;
    return meet(() => send(command), times);
  }) as never;
}

describe('when a text was sent and the end cannot be written', () => {
  test('it is tried again, and the id of the provider is kept', async () => {
    jest.spyOn(logger, 'error').mockImplementation();
    await world.accept(0);
    atWriteOf('SENT', (write, time) => (time <= 3 ? Promise.reject(new Error('away')) : write()));

    const begun = world.clock.now();

    await deliver(0);

    const endedAt = new Date(begun).toISOString();
    expect(await statuses()).toEqual([{ state: 'SENT', endedAt, providerMessageId: 'provider-1' }]);
    expect(world.deliveries).toHaveLength(1);
  });

  test('until the claim ends, and the log has the id for the person who decides', async () => {
    const told = jest.spyOn(logger, 'error').mockImplementation();
    await world.accept(0);
    const begun = world.clock.now();
    atWriteOf('SENT', () => Promise.reject(new Error('away')));

    await deliver(0);

    expect(world.clock.now() - begun).toBeGreaterThan(MINUTE);
    expect(world.clock.now() - begun).toBeLessThanOrEqual(2 * MINUTE);
    expect(told).toHaveBeenCalledWith(
      'the dispatcher could not write the outcome of a message; use it to resolve the message',
      {
        ulid: world.accepted[0]?.messageId.split('.')[0],
        outcome: 'SENT',
        providerMessageId: 'provider-1',
      },
    );
    world.clock.advance(2 * MINUTE);
    await world.dispatchDue();
    expect(await states()).toEqual(['UNKNOWN']);
    expect(world.deliveries).toHaveLength(1);
  });

  test('but it was, and only the answer got lost, it is counted', async () => {
    const metric = jest.spyOn(metrics, 'addMetric').mockImplementation();
    metric.mockClear();
    await world.accept(0);
    atWriteOf('SENT', async (write, time) => {
      if (time === 1) await write();
      return write();
    });

    await deliver(0);

    expect(await states()).toEqual(['SENT']);
    expect(metric.mock.calls.filter(([name]) => name === 'MessagesSent')).toHaveLength(1);
  });
});
