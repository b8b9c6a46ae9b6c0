import {
  type AgentDetails,
  type AgentPlacement,
  extensionOf,
  getAgent,
  type SpelledDetails,
} from '#core/directory/agents.ts';
import {
  type AssignmentOutcome,
  addAgent,
  assignExtension,
  changeDetails,
  type ExpectedAgent,
  moveExtension,
  releaseAgent,
} from '#core/directory/assignments.ts';
import { fingerprintOf } from '#core/directory/fingerprint.ts';
import { spellName } from '#core/directory/name-spelling.ts';
import { assignFromPool, type ExtensionAllocator } from '#core/directory/pool.ts';
import { claimPreferred, type PreferenceRefusal } from '#core/directory/preferred-extension.ts';
import type { Ranges } from '#core/directory/ranges.ts';
import type { Directory } from '#core/directory/table.ts';
import { type NumberRelease, planRelease } from '#core/directory/transitions.ts';
import type { Clock } from '#core/platform/clock.ts';
import type { SyncReport } from './report.ts';

/** What every step of a run works with. */
export interface SyncContext {
  directory: Directory;
  ranges: Ranges;
  quarantineDays: number;
  clock: Clock;
  allocator: ExtensionAllocator;
  report: SyncReport;
  /** Is called before every write: a full run then makes sure of its lease. */
  beforeWrite(): Promise<void>;
}

/** `CHANGED`: somebody else changed the agent; read it again. */
export type StepOutcome = 'DONE' | 'CHANGED';

export function isoNow(work: Pick<SyncContext, 'clock'>): string {
  return new Date(work.clock.now()).toISOString();
}

/** Removes an agent who left Connect. */
export async function removeAgent(work: SyncContext, known: ExpectedAgent): Promise<StepOutcome> {
  const extension = extensionOf(known);
  await work.beforeWrite();
  const outcome = await releaseAgent(work.directory, known, releaseOf(work, extension));
  if (outcome !== 'DONE') return 'CHANGED';
  work.report.addChange({ change: 'REMOVED', agentId: known.agentId, ...(extension && { extension }) });
  return 'DONE';
}

/** Brings an agent's details up to date. */
export async function updateDetails(
  work: SyncContext,
  known: ExpectedAgent,
  user: AgentDetails,
): Promise<StepOutcome> {
  const extension = extensionOf(known);
  await work.beforeWrite();
  const outcome = await changeDetails(work.directory, known, withSpellings(user));
  if (outcome === 'DONE') {
    work.report.addChange({ change: 'UPDATED', agentId: user.agentId, ...(extension && { extension }) });
    return 'DONE';
  }
  return reportFailure(work, known, outcome);
}

/**
 * Gives a user the extension it asks for.
 *
 * @param known undefined when the directory does not know the user yet
 */
export async function assignPreferred(
  work: SyncContext,
  known: ExpectedAgent | undefined,
  user: AgentDetails,
): Promise<{ granted: string } | { refused: PreferenceRefusal } | StepOutcome> {
  const answer = await claimPreferred(work.directory, work.ranges, user, (extension) =>
    writeAssignment(work, known, user, extension),
  );
  if (typeof answer === 'string') return reportFailure(work, known, answer);
  if ('refused' in answer) return answer;
  reportAssignment(work, known, user, answer.extension);
  return { granted: answer.extension };
}

/**
 * Gives a user the lowest unused extension; when none is left, a new agent begins to wait.
 *
 * @param known undefined when the directory does not know the user yet
 * @returns the agent's place, or `CHANGED`
 */
export async function assignNext(
  work: SyncContext,
  known: ExpectedAgent | undefined,
  user: AgentDetails,
): Promise<AgentPlacement | StepOutcome> {
  const answer = await assignFromPool(work.allocator, (extension) =>
    writeAssignment(work, known, user, extension),
  );
  if (answer === 'NONE_LEFT') {
    if (known) return known.placement;
    await work.beforeWrite();
    const now = isoNow(work);
    const outcome = await addAgent(work.directory, withSpellings(user), { waitingSince: now }, now);
    if (outcome !== 'DONE') return 'CHANGED';
    work.report.addChange({ change: 'ADDED', agentId: user.agentId });
    return { waitingSince: now };
  }
  if (typeof answer === 'string') return reportFailure(work, known, answer);
  reportAssignment(work, known, user, answer.extension);
  return answer;
}

/**
 * Brings one user up to date, whatever the directory knows of it: reads the agent, decides, and decides again when
 * somebody else was quicker.
 *
 * @param mayAdd false when the user may have left meanwhile
 * @returns false when somebody else was quicker every time
 */
export async function reconcileUser(
  work: SyncContext,
  user: AgentDetails,
  mayAdd: boolean,
): Promise<boolean> {
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    const agent = await getAgent(work.directory, user.agentId, { consistent: true });
    if (!agent && !mayAdd) return false;
    if ((await reconcileOnce(work, agent, user)) === 'DONE') return true;
  }
  return false;
}

async function reconcileOnce(
  work: SyncContext,
  agent: ExpectedAgent | undefined,
  user: AgentDetails,
): Promise<StepOutcome> {
  let known = agent;
  const fingerprint = fingerprintOf(user);
  if (known && known.fingerprint !== fingerprint) {
    const outcome = await updateDetails(work, known, user);
    if (outcome !== 'DONE') return outcome;
    known = { agentId: known.agentId, fingerprint, placement: known.placement };
  }
  const extension = known && extensionOf(known);
  if (user.preferredExtension !== undefined && user.preferredExtension !== extension) {
    const answer = await assignPreferred(work, known, user);
    if (typeof answer === 'string') return answer;
    if ('granted' in answer) return 'DONE';
    reportRefusal(work, user, answer.refused);
  }
  if (extension !== undefined) return 'DONE';
  const answer = await assignNext(work, known, user);
  return typeof answer === 'string' ? answer : 'DONE';
}

/** Says that a wish was not granted. Texts that are no extensions are not repeated. */
export function reportRefusal(work: SyncContext, user: AgentDetails, reason: PreferenceRefusal): void {
  const { agentId, preferredExtension: preferred } = user;
  work.report.addRefusal({
    reason,
    agentId,
    ...(preferred !== undefined && reason !== 'NOT_AN_EXTENSION' ? { extension: preferred } : {}),
  });
}

async function writeAssignment(
  work: SyncContext,
  known: ExpectedAgent | undefined,
  user: AgentDetails,
  extension: string,
): Promise<AssignmentOutcome> {
  await work.beforeWrite();
  if (!known) return addAgent(work.directory, withSpellings(user), { extension }, isoNow(work));
  const old = extensionOf(known);
  if (old === undefined) return assignExtension(work.directory, known, withSpellings(user), extension);
  return moveExtension(work.directory, known, user, { old, extension, freed: releaseOf(work, old) });
}

function withSpellings(user: AgentDetails): SpelledDetails {
  return { ...user, spellings: user.unlisted ? [] : spellName(user) };
}

function reportAssignment(
  work: SyncContext,
  known: ExpectedAgent | undefined,
  user: AgentDetails,
  extension: string,
): void {
  const previousExtension = known && extensionOf(known);
  work.report.addChange({
    change: known === undefined ? 'ADDED' : previousExtension === undefined ? 'ASSIGNED' : 'REASSIGNED',
    agentId: user.agentId,
    extension,
    ...(previousExtension === undefined ? {} : { previousExtension }),
  });
}

/** Damage is reported and left to a person; anything else is tried again. */
function reportFailure(
  work: SyncContext,
  known: ExpectedAgent | undefined,
  outcome: AssignmentOutcome,
): StepOutcome {
  if (outcome !== 'DAMAGED' || !known) return 'CHANGED';
  const extension = extensionOf(known);
  work.report.addRefusal({
    reason: 'ASSIGNMENT_DAMAGED',
    agentId: known.agentId,
    ...(extension && { extension }),
  });
  return 'DONE';
}

/** What becomes of an extension that is given up now. */
function releaseOf(
  { quarantineDays, clock, ranges }: SyncContext,
  extension: string | undefined,
): NumberRelease {
  const inRange = extension === undefined || ranges.includes(extension);
  return planRelease(quarantineDays, clock.now(), inRange ? undefined : ranges.text);
}
