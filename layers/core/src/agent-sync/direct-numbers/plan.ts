import { exceedsShrinkLimit } from '#core/agent-sync/shrink-guard.ts';
import { DIRECT_POOL, type DirectoryNumber, type NumberStatus } from '#core/directory/numbers.ts';
import type { InstanceNumber, InstanceNumbers } from './instance.ts';

type Blocked = Extract<NumberStatus, { state: 'BLOCKED' }>;
type InState<State extends NumberStatus['state']> = DirectoryNumber & Extract<NumberStatus, { state: State }>;

/** The change that makes a direct number match the instance. */
export type DirectNumberChange =
  | { kind: 'ADD'; listed: InstanceNumber; status: Extract<NumberStatus, { state: 'UNUSED' | 'BLOCKED' }> }
  | { kind: 'BLOCK'; from: InState<'UNUSED' | 'BLOCKED' | 'RESERVED' | 'QUARANTINED'>; to: Blocked }
  | {
      kind: 'UNBLOCK';
      from: InState<'BLOCKED'>;
      to: Extract<NumberStatus, { state: 'UNUSED' | 'QUARANTINED' }>;
    }
  | { kind: 'REMOVE'; from: InState<'UNUSED' | 'QUARANTINED' | 'BLOCKED'> }
  /** The instance does not list an agent's number. The agent keeps it until the next run. */
  | { kind: 'MARK_MISSING'; from: InState<'ASSIGNED'>; missingSince: string }
  /** The instance lists the number again. */
  | { kind: 'CLEAR_MISSING'; from: InState<'ASSIGNED'> }
  /** Two runs did not find the number. The agent loses it. */
  | { kind: 'REVOKE'; from: InState<'ASSIGNED'>; to: Blocked };

/** The times of one run, ISO 8601 in UTC. */
export interface RunTimes {
  startedAt: string;
  /** When the quarantine of a number ends that this run revokes. Absent without a quarantine. */
  heldUntil?: string;
}

/** The changes, and the warning of the shrink guard. */
export interface DirectNumberPlan {
  changes: Map<string, DirectNumberChange>;
  /** Numbers of agents that another flow, or none, answers. Their callers do not reach the agents. */
  misrouted: InState<'ASSIGNED'>[];
  shrinkWarning?: string;
}

/**
 * Compares the numbers of the instance with those of the directory.
 *
 * @param known read before the instance, so that a number added in between does not look removed
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
  const misrouted = [...known.values()].filter(
    (record) => record.state === 'ASSIGNED' && isMisrouted(listed.get(record.number)),
  );
  const warning = checkNumbersShrink(known, listed, hasFlow);
  return {
    changes,
    misrouted: misrouted as DirectNumberPlan['misrouted'],
    ...(warning === undefined ? {} : { shrinkWarning: warning }),
  };
}

/**
 * Plans the change of one number. Imported numbers, and numbers that a person blocked, never change.
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
  // Its agent lost it recently, and callers may still dial it.
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
      // The run that marked the number does not revoke it, even when it plans the number again.
      return record.missingSince < startedAt
        ? { kind: 'REVOKE', from: record, to: blockedAsMissing(heldUntil) }
        : undefined;
    case 'RESERVED':
      return { kind: 'BLOCK', from: record, to: blockedAsMissing(afterThisRun(startedAt)) };
    case 'QUARANTINED':
      // The row keeps the end of the quarantine, in case the number comes back.
      return record.dueAt > startedAt
        ? { kind: 'BLOCK', from: record, to: blockedAsMissing(record.dueAt) }
        : removeOrBlock(record, startedAt);
    case 'BLOCKED':
      return planUnlistedBlocked(record, startedAt);
    case 'UNUSED':
      return removeOrBlock(record, startedAt);
  }
}

/** A row that must not send texts says so because a person set it. It is removed only when two runs do not find it. */
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

/** The next run removes the row, and not this one, even when it plans the number again. */
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
  // Numbers that are known to be missing are not expected, and numbers that a person blocked never change.
  const expected = ours.filter(
    (record) =>
      record.state !== 'BLOCKED' || (record.reason !== 'NOT_IN_CONNECT' && record.reason !== 'MANUAL'),
  );
  const unlisted = expected.filter(({ number }) => !listed.has(number));
  if (expected.length > 0 && listed.size === 0) return 'Connect listed no phone numbers';
  if (exceedsShrinkLimit(unlisted.length, expected.length)) {
    return `Connect no longer knows ${unlisted.length} of ${expected.length} phone numbers`;
  }
  const usable = expected.filter(({ state }) => state !== 'ASSIGNED' && state !== 'BLOCKED');
  if (usable.length > 0 && !hasFlow) return 'The instance no longer has a flow for direct numbers';
  const diverted = usable.filter(({ number }) => isMisrouted(listed.get(number)));
  if (!exceedsShrinkLimit(diverted.length, usable.length)) return undefined;
  return `${diverted.length} of ${usable.length} phone numbers without an agent no longer point at the flow for direct numbers`;
}
