import {
  type AgentDetails,
  extensionOf,
  getAgent,
  type Placement,
  type SpelledDetails,
} from '#core/directory/agents.ts';
import {
  addAgent,
  assignExtension,
  changeDetails,
  type KnownAgent,
  moveExtension,
  type Outcome,
  releaseAgent,
} from '#core/directory/assignments.ts';
import { fingerprintOf } from '#core/directory/fingerprint.ts';
import { spell } from '#core/directory/name-spelling.ts';
import { type Supply, takeFrom } from '#core/directory/pool.ts';
import { type PreferenceRefusal, takePreferred } from '#core/directory/preferred-extension.ts';
import type { Ranges } from '#core/directory/ranges.ts';
import type { Directory } from '#core/directory/table.ts';
import { type Freed, freedNow } from '#core/directory/transitions.ts';
import type { Clock } from '#core/platform/clock.ts';
import type { Report } from './report.ts';

/** What every step of a run works with. */
export interface Work {
  directory: Directory;
  ranges: Ranges;
  quarantineDays: number;
  clock: Clock;
  supply: Supply;
  report: Report;
  /** Is called before every write: a full run then makes sure of its lease. */
  beforeWrite(): Promise<void>;
}

/** `CHANGED`: somebody else changed the agent; read it again. */
export type StepOutcome = 'DONE' | 'CHANGED';

export function isoNow(work: Pick<Work, 'clock'>): string {
  return new Date(work.clock.now()).toISOString();
}

/** Removes an agent who left Connect. */
export async function remove(work: Work, known: KnownAgent): Promise<StepOutcome> {
  const extension = extensionOf(known);
  await work.beforeWrite();
  const outcome = await releaseAgent(work.directory, known, freedAs(work, extension));
  if (outcome !== 'DONE') return 'CHANGED';
  work.report.changed({ change: 'REMOVED', agentId: known.agentId, ...(extension && { extension }) });
  return 'DONE';
}

/** Brings an agent's details up to date. */
export async function rename(work: Work, known: KnownAgent, user: AgentDetails): Promise<StepOutcome> {
  const extension = extensionOf(known);
  await work.beforeWrite();
  const outcome = await changeDetails(work.directory, known, spelled(user));
  if (outcome === 'DONE') {
    work.report.changed({ change: 'RENAMED', agentId: user.agentId, ...(extension && { extension }) });
    return 'DONE';
  }
  return refuseLost(work, known, outcome);
}

/**
 * Gives a user the extension it asks for.
 *
 * @param known undefined when the directory does not know the user yet
 */
export async function grantWish(
  work: Work,
  known: KnownAgent | undefined,
  user: AgentDetails,
): Promise<{ granted: string } | { refused: PreferenceRefusal } | StepOutcome> {
  const answer = await takePreferred(work.directory, work.ranges, user, (extension) =>
    take(work, known, user, extension),
  );
  if (typeof answer === 'string') return refuseLost(work, known, answer);
  if ('refused' in answer) return answer;
  reportTaken(work, known, user, answer.extension);
  return { granted: answer.extension };
}

/**
 * Gives a user the lowest unused extension; when none is left, a new agent begins to wait.
 *
 * @param known undefined when the directory does not know the user yet
 * @returns the agent's place, or `CHANGED`
 */
export async function place(
  work: Work,
  known: KnownAgent | undefined,
  user: AgentDetails,
): Promise<Placement | StepOutcome> {
  const answer = await takeFrom(work.supply, (extension) => take(work, known, user, extension));
  if (answer === 'NONE_LEFT') {
    if (known) return known.placement;
    await work.beforeWrite();
    const now = isoNow(work);
    const outcome = await addAgent(work.directory, spelled(user), { waitingSince: now }, now);
    if (outcome !== 'DONE') return 'CHANGED';
    work.report.changed({ change: 'ADDED', agentId: user.agentId });
    return { waitingSince: now };
  }
  if (typeof answer === 'string') return refuseLost(work, known, answer);
  reportTaken(work, known, user, answer.extension);
  return answer;
}

/**
 * Brings one user up to date, whatever the directory knows of it: reads the agent, decides, and decides again when
 * somebody else was quicker.
 *
 * @param mayAdd false when the user may have left meanwhile
 * @returns false when somebody else was quicker every time
 */
export async function settleUser(work: Work, user: AgentDetails, mayAdd: boolean): Promise<boolean> {
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    const agent = await getAgent(work.directory, user.agentId, { consistent: true });
    if (!agent && !mayAdd) return false;
    if ((await settleOnce(work, agent, user)) === 'DONE') return true;
  }
  return false;
}

async function settleOnce(
  work: Work,
  agent: KnownAgent | undefined,
  user: AgentDetails,
): Promise<StepOutcome> {
  let known = agent;
  const fingerprint = fingerprintOf(user);
  if (known && known.fingerprint !== fingerprint) {
    const outcome = await rename(work, known, user);
    if (outcome !== 'DONE') return outcome;
    known = { agentId: known.agentId, fingerprint, placement: known.placement };
  }
  const extension = known && extensionOf(known);
  if (user.preferred !== undefined && user.preferred !== extension) {
    const answer = await grantWish(work, known, user);
    if (typeof answer === 'string') return answer;
    if ('granted' in answer) return 'DONE';
    refuseWish(work, user, answer.refused);
  }
  if (extension !== undefined) return 'DONE';
  const answer = await place(work, known, user);
  return typeof answer === 'string' ? answer : 'DONE';
}

/** Says that a wish was not granted. Texts that are no extensions are not repeated. */
export function refuseWish(work: Work, user: AgentDetails, reason: PreferenceRefusal): void {
  const { agentId, preferred } = user;
  work.report.refuse({
    reason,
    agentId,
    ...(preferred !== undefined && reason !== 'NOT_AN_EXTENSION' ? { extension: preferred } : {}),
  });
}

async function take(
  work: Work,
  known: KnownAgent | undefined,
  user: AgentDetails,
  extension: string,
): Promise<Outcome> {
  await work.beforeWrite();
  if (!known) return addAgent(work.directory, spelled(user), { extension }, isoNow(work));
  const old = extensionOf(known);
  if (old === undefined) return assignExtension(work.directory, known, spelled(user), extension);
  return moveExtension(work.directory, known, user, { old, extension, freed: freedAs(work, old) });
}

function spelled(user: AgentDetails): SpelledDetails {
  return { ...user, spellings: user.unlisted ? [] : spell(user) };
}

function reportTaken(work: Work, known: KnownAgent | undefined, user: AgentDetails, extension: string): void {
  const previousExtension = known && extensionOf(known);
  work.report.changed({
    change: known === undefined ? 'ADDED' : previousExtension === undefined ? 'SERVED' : 'MOVED',
    agentId: user.agentId,
    extension,
    ...(previousExtension === undefined ? {} : { previousExtension }),
  });
}

/** Damage is reported and left to a person; anything else is tried again. */
function refuseLost(work: Work, known: KnownAgent | undefined, outcome: Outcome): StepOutcome {
  if (outcome !== 'NUMBER_LOST' || !known) return 'CHANGED';
  const extension = extensionOf(known);
  work.report.refuse({ reason: 'NUMBER_LOST', agentId: known.agentId, ...(extension && { extension }) });
  return 'DONE';
}

/** What becomes of an extension that is given up now. */
function freedAs({ quarantineDays, clock, ranges }: Work, extension: string | undefined): Freed {
  const inRange = extension === undefined || ranges.includes(extension);
  return freedNow(quarantineDays, clock.now(), inRange ? undefined : ranges.text);
}
