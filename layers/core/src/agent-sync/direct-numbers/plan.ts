import { DIRECT_POOL, type DirectoryNumber, type NumberStatus } from '#core/directory/numbers.ts';
import type { InstanceNumber, InstanceNumbers } from './instance.ts';

type Blocked = Extract<NumberStatus, { state: 'BLOCKED' }>;
type InState<State extends NumberStatus['state']> = DirectoryNumber & Extract<NumberStatus, { state: State }>;

/** What a direct number's row needs to be as the instance is. */
export type DirectNumberChange =
  | { kind: 'ADD'; listed: InstanceNumber; status: Extract<NumberStatus, { state: 'UNUSED' | 'BLOCKED' }> }
  | { kind: 'BLOCK'; from: InState<'UNUSED' | 'BLOCKED' | 'RESERVED' | 'QUARANTINED'>; to: Blocked }
  | {
      kind: 'UNBLOCK';
      from: InState<'BLOCKED'>;
      to: Extract<NumberStatus, { state: 'UNUSED' | 'QUARANTINED' }>;
    }
  | { kind: 'REMOVE'; from: InState<'UNUSED' | 'QUARANTINED' | 'BLOCKED'> }
  /** An agent's number is not told of: it stays the agent's until the next run. */
  | { kind: 'MARK_MISSING'; from: InState<'ASSIGNED'>; missingSince: string }
  /** … and is told of again. */
  | { kind: 'CLEAR_MISSING'; from: InState<'ASSIGNED'> }
  /** … and was missed twice: the agent has none any more. */
  | { kind: 'REVOKE'; from: InState<'ASSIGNED'>; to: Blocked };

/** ISO 8601 in UTC, of one run. */
export interface RunTimes {
  startedAt: string;
  /** Until when a number that is taken from its agent now goes to nobody; absent without a quarantine. */
  heldUntil?: string;
}

/** The changes, and why they may not be made: then the answer cannot be true. */
export interface DirectNumberPlan {
  changes: Map<string, DirectNumberChange>;
  /** Numbers of agents that do not ring the agents, because another flow answers them, or none. */
  misrouted: InState<'ASSIGNED'>[];
  shrinkWarning?: string;
}

/** More than this part of the numbers does not go, or change its flow, between two syncs. */
const MAX_CHANGED_SHARE = 0.2;

/**
 * Compares the numbers of the instance with those of the directory.
 *
 * @param known read before the instance was asked: what is added meanwhile is never taken for gone
 */
export function planDirectNumbers(
  known: ReadonlyMap<string, DirectoryNumber>,
  { numbers, hasFlow }: InstanceNumbers,
  times: RunTimes,
): DirectNumberPlan {
  const listed = new Map(numbers.map((one) => [one.number, one]));
  const changes = new Map<string, DirectNumberChange>();
  for (const number of new Set([...known.keys(), ...listed.keys()])) {
    const change = planNumberChange(known.get(number), listed.get(number), times);
    if (change) changes.set(number, change);
  }
  const astray = [...known.values()].filter(
    (record) => record.state === 'ASSIGNED' && isMisrouted(listed.get(record.number)),
  );
  const suspicion = checkNumbersShrink(known, listed, hasFlow);
  return {
    changes,
    misrouted: astray as DirectNumberPlan['misrouted'],
    ...(suspicion === undefined ? {} : { shrinkWarning: suspicion }),
  };
}

/**
 * What becomes of one number. Rows that a person imported are the person's, and so is what is blocked by hand.
 *
 * @param record undefined when the directory does not have the number
 * @param listed undefined when the instance does not have it
 */
export function planNumberChange(
  record: DirectoryNumber | undefined,
  listed: InstanceNumber | undefined,
  times: RunTimes,
): DirectNumberChange | undefined {
  if (!record) return listed && { kind: 'ADD', listed, status: statusOf(listed) };
  if (record.pool !== DIRECT_POOL || record.source === 'import') return undefined;
  return listed ? planListed(record, listed, times) : planUnlisted(record, times);
}

function planListed(
  record: DirectoryNumber,
  listed: InstanceNumber,
  times: RunTimes,
): DirectNumberChange | undefined {
  const wanted = statusOf(listed);
  switch (record.state) {
    case 'ASSIGNED':
      return record.missingSince === undefined ? undefined : { kind: 'CLEAR_MISSING', from: record };
    case 'UNUSED':
      return wanted.state === 'BLOCKED' ? { kind: 'BLOCK', from: record, to: wanted } : undefined;
    case 'BLOCKED':
      return planListedBlocked(record, wanted, times);
    case 'RESERVED':
      return wanted.state === 'BLOCKED' ? { kind: 'BLOCK', from: record, to: wanted } : undefined;
    case 'QUARANTINED':
      return wanted.state === 'BLOCKED'
        ? { kind: 'BLOCK', from: record, to: { ...wanted, heldUntil: record.dueAt } }
        : undefined;
  }
}

function planListedBlocked(
  record: InState<'BLOCKED'>,
  wanted: ReturnType<typeof statusOf>,
  { startedAt }: RunTimes,
): DirectNumberChange | undefined {
  const { reason, heldUntil } = record;
  if (reason === 'MANUAL') return undefined;
  if (wanted.state === 'BLOCKED') {
    const to = { ...wanted, ...(heldUntil === undefined ? {} : { heldUntil }) };
    return reason === wanted.reason ? undefined : { kind: 'BLOCK', from: record, to };
  }
  // Its agent lost it a while ago, and the agent's callers do not know.
  if (heldUntil !== undefined && heldUntil > startedAt) {
    return { kind: 'UNBLOCK', from: record, to: { state: 'QUARANTINED', dueAt: heldUntil } };
  }
  return { kind: 'UNBLOCK', from: record, to: wanted };
}

function planUnlisted(
  record: DirectoryNumber,
  { startedAt, heldUntil }: RunTimes,
): DirectNumberChange | undefined {
  switch (record.state) {
    case 'ASSIGNED':
      if (record.missingSince === undefined)
        return { kind: 'MARK_MISSING', from: record, missingSince: startedAt };
      // Not by the run that missed it first, whose write may come back to it.
      return record.missingSince < startedAt
        ? { kind: 'REVOKE', from: record, to: blockedAsMissing(heldUntil) }
        : undefined;
    case 'RESERVED':
      return { kind: 'BLOCK', from: record, to: blockedAsMissing(afterThisRun(startedAt)) };
    case 'QUARANTINED':
      // Kept for what the row knows: a number that comes back is in quarantine still.
      return record.dueAt > startedAt
        ? { kind: 'BLOCK', from: record, to: blockedAsMissing(record.dueAt) }
        : removeOrBlock(record, startedAt);
    case 'BLOCKED':
      return planUnlistedBlocked(record, startedAt);
    case 'UNUSED':
      return removeOrBlock(record, startedAt);
  }
}

/** A row that knows what only a person can tell, that no texts may be sent from it, is removed by the second miss only. */
function removeOrBlock(
  record: InState<'UNUSED' | 'QUARANTINED' | 'BLOCKED'>,
  startedAt: string,
): DirectNumberChange {
  if (record.sms !== false) return { kind: 'REMOVE', from: record };
  return { kind: 'BLOCK', from: record, to: blockedAsMissing(afterThisRun(startedAt)) };
}

function planUnlistedBlocked(record: InState<'BLOCKED'>, startedAt: string): DirectNumberChange | undefined {
  const { reason, heldUntil } = record;
  if (reason === 'MANUAL') return undefined;
  const over = heldUntil === undefined || heldUntil <= startedAt;
  if (reason === 'NOT_IN_CONNECT') return over ? { kind: 'REMOVE', from: record } : undefined;
  return over
    ? removeOrBlock(record, startedAt)
    : { kind: 'BLOCK', from: record, to: blockedAsMissing(heldUntil) };
}

/** So that the next run removes the row, and not this one, whose own write may come back to it. */
function afterThisRun(startedAt: string): string {
  return new Date(Date.parse(startedAt) + 1).toISOString();
}

function blockedAsMissing(heldUntil?: string): Blocked {
  return { state: 'BLOCKED', reason: 'NOT_IN_CONNECT', ...(heldUntil === undefined ? {} : { heldUntil }) };
}

function statusOf({ answeredBy }: InstanceNumber): Extract<NumberStatus, { state: 'UNUSED' | 'BLOCKED' }> {
  return answeredBy === 'DIRECT_FLOW' ? { state: 'UNUSED' } : { state: 'BLOCKED', reason: answeredBy };
}

function isMisrouted(listed: InstanceNumber | undefined): boolean {
  return listed !== undefined && listed.answeredBy !== 'DIRECT_FLOW';
}

function checkNumbersShrink(
  known: ReadonlyMap<string, DirectoryNumber>,
  listed: ReadonlyMap<string, InstanceNumber>,
  hasFlow: boolean,
): string | undefined {
  const ours = [...known.values()].filter(({ source }) => source === 'connect');
  // What is marked as gone already is not expected any more; what a person blocked stays, there or not.
  const expected = ours.filter(
    (record) =>
      record.state !== 'BLOCKED' || (record.reason !== 'NOT_IN_CONNECT' && record.reason !== 'MANUAL'),
  );
  const gone = expected.filter(({ number }) => !listed.has(number));
  if (expected.length > 0 && listed.size === 0) return 'Connect told of no phone numbers at all';
  if (exceedsShare(gone.length, expected.length)) {
    return `Connect no longer knows ${gone.length} of ${expected.length} phone numbers`;
  }
  const usable = expected.filter(({ state }) => state !== 'ASSIGNED' && state !== 'BLOCKED');
  if (usable.length > 0 && !hasFlow) return 'The instance has no flow for direct numbers any more';
  const diverted = usable.filter(({ number }) => isMisrouted(listed.get(number)));
  if (!exceedsShare(diverted.length, usable.length)) return undefined;
  return `${diverted.length} of ${usable.length} phone numbers without an agent no longer point at the flow for direct numbers`;
}

function exceedsShare(part: number, all: number): boolean {
  return part > 1 && part > all * MAX_CHANGED_SHARE;
}
