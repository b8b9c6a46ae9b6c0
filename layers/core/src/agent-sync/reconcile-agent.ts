import {
  type AgentDetails,
  extensionOf,
  fingerprintOf,
  getAgent,
  type SpelledDetails,
} from '#core/directory/agents.ts';
import {
  type AssignmentOutcome,
  addAgent,
  assignExtension,
  type ExpectedAgent,
  reassignExtension,
  removeAgent,
  updateAgentDetails,
} from '#core/directory/assignments.ts';
import { spellName } from '#core/directory/name-spelling.ts';
import { assignFromPool, type ExtensionAllocator } from '#core/directory/pool.ts';
import { claimPreferred, type PreferenceRefusal } from '#core/directory/preferred-extension.ts';
import type { Ranges } from '#core/directory/ranges.ts';
import type { Directory } from '#core/directory/table.ts';
import { type NumberRelease, planRelease } from '#core/directory/transitions.ts';
import { type Clock, isoNow } from '#core/platform/clock.ts';
import { CONFLICT, retryOnConflict } from '#core/platform/dynamodb/retry-on-conflict.ts';
import type { SyncReport } from './report.ts';

/** What every step of a run uses. */
export interface SyncContext {
  directory: Directory;
  ranges: Ranges;
  quarantineDays: number;
  clock: Clock;
  allocator: ExtensionAllocator;
  report: SyncReport;
  /** Runs before every write. A full run renews its lease here. */
  beforeWrite(): Promise<void>;
}

/** How a step ended for one agent. */
type StepOutcome =
  | { kind: 'UNCHANGED' }
  | { kind: 'REMOVED' }
  | { kind: 'UPDATED' }
  | { kind: 'ASSIGNED'; extension: string }
  | { kind: 'WAITING' }
  | { kind: 'REFUSED'; reason: PreferenceRefusal }
  /** Another write changed the agent. Read it again. */
  | { kind: 'CONFLICT' }
  /** The agent's extension does not name the agent. The report has it, and a person has to fix it. */
  | { kind: 'DAMAGED' };

type Outcome<Kind extends StepOutcome['kind']> = Extract<StepOutcome, { kind: Kind }>;

/** Without a wait: `writeActions` has already waited for throttles and concurrent transactions. */
const MAX_ATTEMPTS = 5;

/** Removes the agent of a user that Connect no longer has. */
export async function removeUser(
  context: SyncContext,
  expected: ExpectedAgent,
): Promise<Outcome<'REMOVED' | 'CONFLICT'>> {
  const extension = extensionOf(expected);
  await context.beforeWrite();
  const outcome = await removeAgent(context.directory, expected, planExtensionRelease(context, extension));
  if (outcome.kind !== 'DONE') return { kind: 'CONFLICT' };
  context.report.addChange({
    change: 'REMOVED',
    agentId: expected.agentId,
    ...(extension && { extension }),
  });
  return { kind: 'REMOVED' };
}

/** Updates the details of an agent to those of the user. */
export async function updateUser(
  context: SyncContext,
  expected: ExpectedAgent,
  user: AgentDetails,
): Promise<Outcome<'UPDATED' | 'CONFLICT' | 'DAMAGED'>> {
  const extension = extensionOf(expected);
  await context.beforeWrite();
  const outcome = await updateAgentDetails(context.directory, expected, withSpellings(user));
  if (outcome.kind !== 'DONE') return reportFailure(context, expected, outcome);
  context.report.addChange({ change: 'UPDATED', agentId: user.agentId, ...(extension && { extension }) });
  return { kind: 'UPDATED' };
}

/**
 * Assigns the preferred extension of a user.
 *
 * @param expected undefined when the directory does not have the agent
 */
export async function assignPreferred(
  context: SyncContext,
  expected: ExpectedAgent | undefined,
  user: AgentDetails,
): Promise<Outcome<'ASSIGNED' | 'REFUSED' | 'CONFLICT' | 'DAMAGED'>> {
  const outcome = await claimPreferred(context.directory, context.ranges, user, (extension) =>
    writeAssignment(context, expected, user, extension),
  );
  switch (outcome.kind) {
    case 'ASSIGNED':
      reportAssignment(context, expected, user, outcome.extension);
      return outcome;
    case 'REFUSED':
      return outcome;
    default:
      return reportFailure(context, expected, outcome);
  }
}

/**
 * Assigns the next unused extension to a user. When the pool is exhausted, a new agent joins the waiting list.
 *
 * @param expected undefined when the directory does not have the agent
 */
export async function assignNext(
  context: SyncContext,
  expected: ExpectedAgent | undefined,
  user: AgentDetails,
): Promise<Outcome<'ASSIGNED' | 'WAITING' | 'CONFLICT' | 'DAMAGED'>> {
  const outcome = await assignFromPool(context.allocator, (extension) =>
    writeAssignment(context, expected, user, extension),
  );
  switch (outcome.kind) {
    case 'ASSIGNED':
      reportAssignment(context, expected, user, outcome.extension);
      return outcome;
    case 'EXHAUSTED':
      return expected ? { kind: 'WAITING' } : addToWaitingList(context, user);
    default:
      return reportFailure(context, expected, outcome);
  }
}

async function addToWaitingList(
  context: SyncContext,
  user: AgentDetails,
): Promise<Outcome<'WAITING' | 'CONFLICT'>> {
  await context.beforeWrite();
  const now = isoNow(context.clock);
  const outcome = await addAgent(context.directory, withSpellings(user), { waitingSince: now }, now);
  if (outcome.kind !== 'DONE') return { kind: 'CONFLICT' };
  context.report.addChange({ change: 'ADDED', agentId: user.agentId });
  return { kind: 'WAITING' };
}

/**
 * Reconciles one agent with the user, whatever its state: reads the agent and decides, again after a conflict.
 *
 * @param mayAdd false when the user may have left Connect
 * @returns false when every attempt met a conflict, or the agent does not exist and must not be added
 */
export async function reconcileUser(
  context: SyncContext,
  user: AgentDetails,
  mayAdd: boolean,
): Promise<boolean> {
  const reconciled = await retryOnConflict(MAX_ATTEMPTS, async () => {
    const agent = await getAgent(context.directory, user.agentId, { consistent: true });
    if (!agent && !mayAdd) return false;
    const { kind } = await reconcileOnce(context, agent, user);
    // What is damaged is in the report, so another attempt does not help.
    return kind === 'CONFLICT' ? CONFLICT : true;
  });
  return reconciled === true;
}

async function reconcileOnce(
  context: SyncContext,
  agent: ExpectedAgent | undefined,
  user: AgentDetails,
): Promise<StepOutcome> {
  let expected = agent;
  let outcome: StepOutcome = { kind: 'UNCHANGED' };
  const fingerprint = fingerprintOf(user);
  if (expected && expected.fingerprint !== fingerprint) {
    outcome = await updateUser(context, expected, user);
    if (outcome.kind === 'CONFLICT') return outcome;
    expected = { agentId: expected.agentId, fingerprint, placement: expected.placement };
  }
  const extension = expected && extensionOf(expected);
  if (user.preferredExtension !== undefined && user.preferredExtension !== extension) {
    const preferred = await assignPreferred(context, expected, user);
    if (preferred.kind !== 'REFUSED') return preferred;
    reportRefusal(context, user, preferred.reason);
  }
  return extension === undefined ? assignNext(context, expected, user) : outcome;
}

/** Reports that a user did not get the preferred extension. The report never repeats a tag that is not an extension. */
export function reportRefusal(context: SyncContext, user: AgentDetails, reason: PreferenceRefusal): void {
  const { agentId, preferredExtension } = user;
  context.report.addRefusal({
    reason,
    agentId,
    ...(preferredExtension !== undefined && reason !== 'NOT_AN_EXTENSION'
      ? { extension: preferredExtension }
      : {}),
  });
}

async function writeAssignment(
  context: SyncContext,
  expected: ExpectedAgent | undefined,
  user: AgentDetails,
  extension: string,
): Promise<AssignmentOutcome> {
  const { directory } = context;
  await context.beforeWrite();
  if (!expected) return addAgent(directory, withSpellings(user), { extension }, isoNow(context.clock));
  const old = extensionOf(expected);
  if (old === undefined) return assignExtension(directory, expected, withSpellings(user), extension);
  const release = planExtensionRelease(context, old);
  return reassignExtension(directory, expected, user, { old, extension, release });
}

function withSpellings(user: AgentDetails): SpelledDetails {
  return { ...user, spellings: user.unlisted ? [] : spellName(user) };
}

function reportAssignment(
  { report }: SyncContext,
  expected: ExpectedAgent | undefined,
  { agentId }: AgentDetails,
  extension: string,
): void {
  const previousExtension = expected && extensionOf(expected);
  if (!expected) report.addChange({ change: 'ADDED', agentId, extension });
  else if (previousExtension === undefined) report.addChange({ change: 'ASSIGNED', agentId, extension });
  else report.addChange({ change: 'REASSIGNED', agentId, extension, previousExtension });
}

function reportFailure(
  context: SyncContext,
  expected: ExpectedAgent | undefined,
  outcome: Exclude<AssignmentOutcome, { kind: 'DONE' }>,
): Outcome<'CONFLICT' | 'DAMAGED'> {
  if (outcome.kind !== 'DAMAGED' || !expected) return { kind: 'CONFLICT' };
  const extension = extensionOf(expected);
  context.report.addRefusal({
    reason: 'ASSIGNMENT_DAMAGED',
    agentId: expected.agentId,
    ...(extension && { extension }),
  });
  return { kind: 'DAMAGED' };
}

/** What an extension becomes that is released now. */
function planExtensionRelease(
  { quarantineDays, clock, ranges }: SyncContext,
  extension: string | undefined,
): NumberRelease {
  const inRange = extension === undefined || ranges.includes(extension);
  return planRelease(quarantineDays, clock.now(), inRange ? undefined : ranges.text);
}
