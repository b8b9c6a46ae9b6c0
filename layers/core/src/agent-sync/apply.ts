import { type AgentDetails, extensionOf, getAgent } from '#core/directory/agents.ts';
import { fingerprintOf } from '#core/directory/fingerprint.ts';
import type { PreferenceRefusal } from '#core/directory/preferred-extension.ts';
import { forEachConcurrent } from '#core/platform/resilience/concurrency.ts';
import { type KnownAgents, type PackedUser, unpackUser } from './agent-snapshot.ts';
import type { Plan } from './plan.ts';
import {
  grantWish,
  isoNow,
  place,
  refuseWish,
  remove,
  rename,
  settleUser,
  type Work,
} from './reconcile-agent.ts';
import type { ConnectUsers } from './users.ts';

/** What a full run needs beside the steps. */
export interface FullWork extends Work {
  connect: ConnectUsers;
  known: KnownAgents;
  deadline: number;
}

const PARALLEL = 16;

/** An agent this young may be missing from Connect's list because the list is behind: ask for it by id. */
const YOUNG_MS = 15 * 60_000;

/**
 * Writes what differs: first who left, then who changed, then who asks for an extension, then everybody else, the
 * ones who wait before the new ones.
 *
 * @returns false when time ran out before everything was written
 */
export async function applyPlan(work: FullWork, plan: Plan): Promise<boolean> {
  const steps = [
    () => each(work, plan.gone, (agentId) => removeGone(work, agentId)),
    () => each(work, plan.changed, (packed) => renameKnown(work, unpackUser(packed))),
    () => grantWishes(work, plan),
    () => each(work, unplaced(work, plan), (packed) => placeUser(work, unpackUser(packed))),
  ];
  for (const step of steps) if (!(await step())) return false;
  return true;
}

function each<Item>(
  work: FullWork,
  items: Iterable<Item>,
  change: (item: Item) => Promise<void>,
): Promise<boolean> {
  return forEachConcurrent(items, PARALLEL, change, () => work.clock.now() >= work.deadline);
}

async function removeGone(work: FullWork, agentId: string): Promise<void> {
  const agent = work.known.get(agentId);
  if (!agent) return;
  const young = work.clock.now() - Date.parse(agent.addedAt) < YOUNG_MS;
  if (young && (await work.connect.readUser(agentId, work.deadline)) !== undefined) return;
  if ((await remove(work, agent)) === 'CHANGED') {
    const current = await getAgent(work.directory, agentId, { consistent: true });
    // Another fingerprint: somebody has seen the user since. The same: only its extension is another.
    const same = current?.fingerprint === agent.fingerprint;
    if (current && !(same && (await remove(work, current)) === 'DONE')) {
      work.report.counts.postponed += 1;
      return;
    }
  }
  work.known.delete(agentId);
}

async function renameKnown(work: FullWork, user: AgentDetails): Promise<void> {
  const agent = work.known.get(user.agentId);
  if (agent && (await rename(work, agent, user)) === 'DONE') {
    work.known.set({ ...agent, fingerprint: fingerprintOf(user) });
  } else {
    await settleLate(work, user, false);
  }
}

async function grantWishes(work: FullWork, plan: Plan): Promise<boolean> {
  let pending: PackedUser[] = [...plan.waiting.values(), ...plan.wishing, ...plan.fresh].filter(
    (packed) => unpackUser(packed).preferred !== undefined,
  );
  let refused: { packed: PackedUser; reason: PreferenceRefusal }[];
  let again: boolean;
  do {
    const before = work.report.counts.moved;
    refused = [];
    const finished = await each(work, pending, async (packed) => {
      const reason = await grantOne(work, unpackUser(packed));
      if (reason) refused.push({ packed, reason });
    });
    if (!finished) return false;
    pending = refused.map(({ packed }) => packed);
    // Without a quarantine, what one agent gave up by moving may be what another one asks for.
    again = work.quarantineDays === 0 && work.report.counts.moved > before && pending.length > 0;
  } while (again);
  for (const { packed, reason } of refused) refuseWish(work, unpackUser(packed), reason);
  return true;
}

async function grantOne(work: FullWork, user: AgentDetails): Promise<PreferenceRefusal | undefined> {
  const agent = work.known.get(user.agentId);
  const answer = await grantWish(work, agent, user);
  if (answer === 'CHANGED') await settleLate(work, user, !agent);
  if (typeof answer === 'string') return undefined;
  if ('refused' in answer) return answer.refused;
  learn(work, user, answer.granted);
  return undefined;
}

/** Agents still without an extension: who waits, in the order of waiting, then the new ones. */
function* unplaced(work: FullWork, plan: Plan): Generator<PackedUser, void, void> {
  for (const agentId of work.known.waiting) {
    const packed = plan.waiting.get(agentId);
    const agent = work.known.get(agentId);
    if (packed && agent && extensionOf(agent) === undefined) yield packed;
  }
  // Taken from the end of the reversed list, so that who has an extension needs no memory any more.
  const fresh = plan.fresh.reverse();
  for (let packed = fresh.pop(); packed !== undefined; packed = fresh.pop()) {
    const { agentId, preferred } = unpackUser(packed);
    // Only who asked for an extension can have been given one by now.
    if (preferred === undefined || !work.known.get(agentId)) yield packed;
  }
}

async function placeUser(work: FullWork, user: AgentDetails): Promise<void> {
  const agent = work.known.get(user.agentId);
  const answer = await place(work, agent, user);
  if (answer === 'CHANGED') await settleLate(work, user, !agent);
  else if (agent && typeof answer !== 'string' && 'extension' in answer) learn(work, user, answer.extension);
}

/** Somebody else is changing the same agent, or the index was behind: look at the agent itself. */
async function settleLate(work: FullWork, user: AgentDetails, mayAdd: boolean): Promise<void> {
  if (!(await settleUser(work, user, mayAdd))) work.report.counts.postponed += 1;
}

function learn(work: FullWork, user: AgentDetails, extension: string): void {
  const addedAt = work.known.get(user.agentId)?.addedAt ?? isoNow(work);
  const fingerprint = fingerprintOf(user);
  work.known.set({ agentId: user.agentId, fingerprint, addedAt, placement: { extension } });
}
