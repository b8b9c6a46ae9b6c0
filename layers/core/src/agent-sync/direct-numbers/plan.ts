import { DIRECT_POOL, type DirectoryNumber, type NumberStatus } from '#core/directory/numbers.ts';
import type { InstanceNumber, InstanceNumbers } from './instance.ts';

type Blocked = Extract<NumberStatus, { state: 'BLOCKED' }>;
type InState<State extends NumberStatus['state']> = DirectoryNumber & Extract<NumberStatus, { state: State }>;

/** What a direct number's row needs to be as the instance is. */
export type NumberChange =
  | { kind: 'ADD'; listed: InstanceNumber; status: Extract<NumberStatus, { state: 'UNUSED' | 'BLOCKED' }> }
  | { kind: 'BLOCK'; from: InState<'UNUSED' | 'BLOCKED' | 'RESERVED' | 'QUARANTINED'>; to: Blocked }
  | { kind: 'OPEN'; from: InState<'BLOCKED'>; to: Extract<NumberStatus, { state: 'UNUSED' | 'QUARANTINED' }> }
  | { kind: 'REMOVE'; from: InState<'UNUSED' | 'QUARANTINED' | 'BLOCKED'> }
  /** An agent's number is not told of: it stays the agent's until the next run. */
  | { kind: 'MISS'; from: InState<'ASSIGNED'>; missedAt: string }
  /** … and is told of again. */
  | { kind: 'MEET'; from: InState<'ASSIGNED'> }
  /** … and was missed twice: the agent has none any more. */
  | { kind: 'TAKE'; from: InState<'ASSIGNED'>; to: Blocked };

/** ISO 8601 in UTC, of one run. */
export interface RunTimes {
  startedAt: string;
  /** Until when a number that is taken from its agent now goes to nobody; absent without a quarantine. */
  heldUntil?: string;
}

/** The changes, and why they may not be made: then the answer cannot be true. */
export interface NumberPlan {
  changes: Map<string, NumberChange>;
  /** Numbers of agents that do not ring the agents, because another flow answers them, or none. */
  astray: InState<'ASSIGNED'>[];
  suspicion?: string;
}

/** More than this part of the numbers does not go, or change its flow, between two syncs. */
const MOST_GONE = 0.2;

/**
 * Compares the numbers of the instance with those of the directory.
 *
 * @param known read before the instance was asked: what is added meanwhile is never taken for gone
 */
export function planNumbers(
  known: ReadonlyMap<string, DirectoryNumber>,
  { numbers, hasFlow }: InstanceNumbers,
  times: RunTimes,
): NumberPlan {
  const listed = new Map(numbers.map((one) => [one.number, one]));
  const changes = new Map<string, NumberChange>();
  for (const number of new Set([...known.keys(), ...listed.keys()])) {
    const change = decide(known.get(number), listed.get(number), times);
    if (change) changes.set(number, change);
  }
  const astray = [...known.values()].filter(
    (record) => record.state === 'ASSIGNED' && isElsewhere(listed.get(record.number)),
  );
  const suspicion = findSuspicion(known, listed, hasFlow);
  return {
    changes,
    astray: astray as NumberPlan['astray'],
    ...(suspicion === undefined ? {} : { suspicion }),
  };
}

/**
 * What becomes of one number. Rows that a person imported are the person's, and so is what is blocked by hand.
 *
 * @param record undefined when the directory does not have the number
 * @param listed undefined when the instance does not have it
 */
export function decide(
  record: DirectoryNumber | undefined,
  listed: InstanceNumber | undefined,
  times: RunTimes,
): NumberChange | undefined {
  if (!record) return listed && { kind: 'ADD', listed, status: statusOf(listed) };
  if (record.pool !== DIRECT_POOL || record.source === 'import') return undefined;
  return listed ? decideListed(record, listed, times) : decideGone(record, times);
}

function decideListed(
  record: DirectoryNumber,
  listed: InstanceNumber,
  times: RunTimes,
): NumberChange | undefined {
  const wanted = statusOf(listed);
  switch (record.state) {
    case 'ASSIGNED':
      return record.missedAt === undefined ? undefined : { kind: 'MEET', from: record };
    case 'UNUSED':
      return wanted.state === 'BLOCKED' ? { kind: 'BLOCK', from: record, to: wanted } : undefined;
    case 'BLOCKED':
      return decideBlocked(record, wanted, times);
    case 'RESERVED':
      return wanted.state === 'BLOCKED' ? { kind: 'BLOCK', from: record, to: wanted } : undefined;
    case 'QUARANTINED':
      return wanted.state === 'BLOCKED'
        ? { kind: 'BLOCK', from: record, to: { ...wanted, heldUntil: record.dueAt } }
        : undefined;
  }
}

function decideBlocked(
  record: InState<'BLOCKED'>,
  wanted: ReturnType<typeof statusOf>,
  { startedAt }: RunTimes,
): NumberChange | undefined {
  const { reason, heldUntil } = record;
  if (reason === 'BY_HAND') return undefined;
  if (wanted.state === 'BLOCKED') {
    const to = { ...wanted, ...(heldUntil === undefined ? {} : { heldUntil }) };
    return reason === wanted.reason ? undefined : { kind: 'BLOCK', from: record, to };
  }
  // Its agent lost it a while ago, and the agent's callers do not know.
  if (heldUntil !== undefined && heldUntil > startedAt) {
    return { kind: 'OPEN', from: record, to: { state: 'QUARANTINED', dueAt: heldUntil } };
  }
  return { kind: 'OPEN', from: record, to: wanted };
}

function decideGone(record: DirectoryNumber, { startedAt, heldUntil }: RunTimes): NumberChange | undefined {
  switch (record.state) {
    case 'ASSIGNED':
      if (record.missedAt === undefined) return { kind: 'MISS', from: record, missedAt: startedAt };
      // Not by the run that missed it first, whose write may come back to it.
      return record.missedAt < startedAt ? { kind: 'TAKE', from: record, to: gone(heldUntil) } : undefined;
    case 'RESERVED':
      return { kind: 'BLOCK', from: record, to: gone(afterThisRun(startedAt)) };
    case 'QUARANTINED':
      // Kept for what the row knows: a number that comes back is in quarantine still.
      return record.dueAt > startedAt
        ? { kind: 'BLOCK', from: record, to: gone(record.dueAt) }
        : leave(record, startedAt);
    case 'BLOCKED':
      return decideGoneBlocked(record, startedAt);
    case 'UNUSED':
      return leave(record, startedAt);
  }
}

/** A row that knows what only a person can tell, that no texts may be sent from it, is removed by the second miss only. */
function leave(record: InState<'UNUSED' | 'QUARANTINED' | 'BLOCKED'>, startedAt: string): NumberChange {
  if (record.sms !== false) return { kind: 'REMOVE', from: record };
  return { kind: 'BLOCK', from: record, to: gone(afterThisRun(startedAt)) };
}

function decideGoneBlocked(record: InState<'BLOCKED'>, startedAt: string): NumberChange | undefined {
  const { reason, heldUntil } = record;
  if (reason === 'BY_HAND') return undefined;
  const over = heldUntil === undefined || heldUntil <= startedAt;
  if (reason === 'GONE') return over ? { kind: 'REMOVE', from: record } : undefined;
  return over ? leave(record, startedAt) : { kind: 'BLOCK', from: record, to: gone(heldUntil) };
}

/** So that the next run removes the row, and not this one, whose own write may come back to it. */
function afterThisRun(startedAt: string): string {
  return new Date(Date.parse(startedAt) + 1).toISOString();
}

function gone(heldUntil?: string): Blocked {
  return { state: 'BLOCKED', reason: 'GONE', ...(heldUntil === undefined ? {} : { heldUntil }) };
}

function statusOf({ answeredBy }: InstanceNumber): Extract<NumberStatus, { state: 'UNUSED' | 'BLOCKED' }> {
  return answeredBy === 'DIRECT_FLOW' ? { state: 'UNUSED' } : { state: 'BLOCKED', reason: answeredBy };
}

function isElsewhere(listed: InstanceNumber | undefined): boolean {
  return listed !== undefined && listed.answeredBy !== 'DIRECT_FLOW';
}

function findSuspicion(
  known: ReadonlyMap<string, DirectoryNumber>,
  listed: ReadonlyMap<string, InstanceNumber>,
  hasFlow: boolean,
): string | undefined {
  const ours = [...known.values()].filter(({ source }) => source === 'connect');
  // What is marked as gone already is not expected any more; what a person blocked stays, there or not.
  const expected = ours.filter(
    (record) => record.state !== 'BLOCKED' || (record.reason !== 'GONE' && record.reason !== 'BY_HAND'),
  );
  const gone = expected.filter(({ number }) => !listed.has(number));
  if (expected.length > 0 && listed.size === 0) return 'Connect told of no phone numbers at all';
  if (tooMany(gone.length, expected.length)) {
    return `Connect no longer knows ${gone.length} of ${expected.length} phone numbers`;
  }
  const usable = expected.filter(({ state }) => state !== 'ASSIGNED' && state !== 'BLOCKED');
  if (usable.length > 0 && !hasFlow) return 'The instance has no flow for direct numbers any more';
  const diverted = usable.filter(({ number }) => isElsewhere(listed.get(number)));
  if (!tooMany(diverted.length, usable.length)) return undefined;
  return `${diverted.length} of ${usable.length} phone numbers without an agent no longer point at the flow for direct numbers`;
}

function tooMany(part: number, all: number): boolean {
  return part > 1 && part > all * MOST_GONE;
}
