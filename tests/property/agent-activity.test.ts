import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { storeAgentActivity } from '#core/presence/agent-activity.ts';
import { agentEvent, INSTANCE_ARN, kinesisRecord, type SnapshotParts } from '#support/agent-events.ts';
import { namedError } from '#support/directory.ts';
import { memoryDynamoDb } from '#support/memory-dynamodb.ts';
import { propertyRuns } from '#support/property.ts';

const AGENTS = ['a1', 'a2'];
const START = Date.parse('2026-11-20T08:00:00.000Z');
const NOW = new Date('2026-11-21T08:00:00.000Z');
const settings = { instanceArn: INSTANCE_ARN, historyDays: 30 };

/** What happens to an agent: a status, contacts, another profile, or a heartbeat without a change. */
interface Step {
  agent: number;
  /** Milliseconds after the previous step. 0 is possible. */
  after: number;
  to: 'available' | 'busy' | 'lunch' | 'offline' | 'profile' | 'same' | 'beat';
}
type Event = ReturnType<typeof agentEvent>;

const step: fc.Arbitrary<Step> = fc.record({
  agent: fc.nat({ max: AGENTS.length - 1 }),
  after: fc.oneof(fc.constant(0), fc.nat({ max: 1_000 }), fc.nat({ max: 300_000 })),
  to: fc.constantFrom('available', 'busy', 'lunch', 'offline', 'profile', 'same', 'beat'),
});

/** The events as Connect sends them, each with the previous and the current snapshot. */
function eventsOf(steps: readonly Step[]): Event[] {
  const states = AGENTS.map((): SnapshotParts => ({}));
  let time = START;
  return steps.map(({ agent, after, to }, index) => {
    time += after;
    const at = new Date(time).toISOString();
    const before = states[agent] ?? {};
    const now = next(before, to, at);
    states[agent] = now;
    // IDs rise with time, so that events with the same time keep their order.
    const id = `e${String(index).padStart(3, '0')}`;
    const type = to === 'beat' ? 'HEART_BEAT' : 'STATE_CHANGE';
    return agentEvent({ agent: AGENTS[agent] ?? '', id, at, type, before, now });
  });
}

function next(before: SnapshotParts, to: Step['to'], since: string): SnapshotParts {
  switch (to) {
    case 'available':
      return { ...before, name: 'Available', type: 'ROUTABLE', contacts: 0, since };
    case 'busy':
      return { ...before, contacts: 1 };
    case 'lunch':
      return { ...before, name: 'Lunch', type: 'CUSTOM', contacts: 0, since };
    case 'offline':
      return { ...before, name: 'Offline', type: 'OFFLINE', contacts: 0, since };
    case 'profile':
      return { ...before, profile: before.profile === 'other' ? 'basic' : 'other' };
    default:
      return before;
  }
}

/** The result of a delivery in order and without repetition. */
function expected(events: readonly Event[]) {
  const kept = (snapshot: Event['CurrentAgentSnapshot']) => JSON.stringify(statusOf(snapshot));
  const changes = events.filter(
    ({ EventType, CurrentAgentSnapshot, PreviousAgentSnapshot }) =>
      EventType !== 'HEART_BEAT' && kept(CurrentAgentSnapshot) !== kept(PreviousAgentSnapshot),
  );
  const last = new Map(events.map((event) => [agentOf(event), statusOf(event.CurrentAgentSnapshot)]));
  return {
    statuses: last,
    history: changes
      .map((event) => `${agentOf(event)} STATUS#${event.EventTimestamp}#${event.EventId}`)
      .sort(),
  };
}

function agentOf({ AgentARN }: Event): string {
  return AgentARN.split('/').at(-1) ?? '';
}

function statusOf(snapshot: Event['CurrentAgentSnapshot']) {
  const { Name, Type, StartTimestamp } = snapshot?.AgentStatus ?? {};
  const on = (snapshot?.Contacts.length ?? 0) > 0;
  const status = { ROUTABLE: on ? 'BUSY' : 'AVAILABLE', CUSTOM: 'AWAY', OFFLINE: 'OFFLINE' }[
    Type ?? 'OFFLINE'
  ];
  const profile = snapshot?.Configuration.RoutingProfile.ARN.split('/').at(-1);
  return [status, Type === 'CUSTOM' ? Name : undefined, StartTimestamp, profile];
}

/** Batches of event numbers in any order and with repetitions. Some fail in the middle and are delivered again. */
const deliveries = (count: number) =>
  fc.record({
    batches: fc.array(
      fc.record({
        events: fc.array(fc.nat({ max: Math.max(0, count - 1) }), { minLength: 1, maxLength: 6 }),
        /** Other batches write at the same time, so the read misses everything. */
        blind: fc.boolean(),
        failAt: fc.option(fc.nat({ max: 4 }), { nil: undefined }),
      }),
      { maxLength: 12 },
    ),
    /** At the end, all events once more in any order, because Lambda retries until a delivery succeeds. */
    blind: fc.boolean(),
    order: fc.shuffledSubarray(
      Array.from({ length: count }, (_, index) => index),
      {
        minLength: count,
        maxLength: count,
      },
    ),
  });

const life = fc
  .array(step, { minLength: 1, maxLength: 12 })
  .chain((steps) => fc.record({ steps: fc.constant(steps), delivery: deliveries(steps.length) }));

it('stores the newest status and exactly the changes for any order and repetition of events', async () => {
  await fc.assert(
    fc.asyncProperty(life, async ({ steps, delivery }) => {
      const events = eventsOf(steps);
      let left = Number.POSITIVE_INFINITY;
      const db = memoryDynamoDb(
        () => 0,
        () => {
          left -= 1;
          // The write took effect, and its response was lost.
          if (left < 0) throw namedError('InternalServerError');
        },
      );
      let blind = false;
      const send = async (command: never) =>
        blind && (command as object) instanceof BatchGetCommand ? {} : db.client.send(command);
      const directory = { client: { send } as unknown as DynamoDBDocumentClient, table: 'directory' };
      const deliver = async (numbers: number[]) => {
        const records = numbers.map((number) => kinesisRecord(events[number], String(number)));
        await storeAgentActivity(directory, records, settings, NOW);
      };

      for (const { events: numbers, failAt, ...batch } of delivery.batches) {
        blind = batch.blind;
        left = failAt ?? Number.POSITIVE_INFINITY;
        await deliver(numbers);
      }
      left = Number.POSITIVE_INFINITY;
      blind = delivery.blind;
      for (const number of delivery.order) await deliver([number]);

      const items = [...db.items.values()];
      const { statuses, history } = expected(events);
      for (const [agent, status] of statuses) {
        const item = items.find(({ pk, sk }) => pk === `AGENT#${agent}` && sk === 'STATUS');
        expect([item?.status, item?.customStatus, item?.since, item?.routingProfileId]).toEqual(status);
      }
      const kept = items
        .filter(({ sk }) => sk !== 'STATUS')
        .map(({ pk, sk }) => `${String(pk).slice(6)} ${sk}`);
      expect(kept.sort()).toEqual(history);
    }),
    propertyRuns(1_000),
  );
});
