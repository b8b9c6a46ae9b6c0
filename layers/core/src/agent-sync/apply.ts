import { type AgentDetails, extensionOf, getAgent } from '#core/directory/agents.ts';
import { fingerprintOf } from '#core/directory/fingerprint.ts';
import type { PreferenceRefusal } from '#core/directory/preferred-extension.ts';
import { forEachConcurrent } from '#core/platform/resilience/concurrency.ts';
import { type AgentSnapshot, type PackedUser, unpackUser } from './agent-snapshot.ts';
import type { AgentPlan } from './plan.ts';
import {
  assignNext,
  assignPreferred,
  isoNow,
  reconcileUser,
  removeAgent,
  reportRefusal,
  type SyncContext,
  updateDetails,
} from './reconcile-agent.ts';
import type { ConnectUsers } from './users.ts';

/** What a full run needs beside the steps. */
export interface FullSyncContext extends SyncContext {
  connect: ConnectUsers;
  snapshot: AgentSnapshot;
  deadline: number;
}

const WRITE_CONCURRENCY = 16;

/** An agent this young may be missing from Connect's list because the list is behind: ask for it by id. */
const LIST_LAG_MS = 15 * 60_000;

/**
 * Writes what differs: first who left, then who changed, then who asks for an extension, then everybody else, the
 * ones who wait before the new ones.
 *
 * @returns false when time ran out before everything was written
 */
export async function applyPlan(work: FullSyncContext, plan: AgentPlan): Promise<boolean> {
  const steps = [
    () => forEachUntilDeadline(work, plan.missing, (agentId) => removeMissingAgent(work, agentId)),
    () => forEachUntilDeadline(work, plan.changed, (packed) => updateKnownAgent(work, unpackUser(packed))),
    () => assignPreferredExtensions(work, plan),
    () =>
      forEachUntilDeadline(work, listUnassigned(work, plan), (packed) =>
        assignNextTo(work, unpackUser(packed)),
      ),
  ];
  for (const step of steps) if (!(await step())) return false;
  return true;
}

function forEachUntilDeadline<Item>(
  work: FullSyncContext,
  items: Iterable<Item>,
  change: (item: Item) => Promise<void>,
): Promise<boolean> {
  return forEachConcurrent(items, WRITE_CONCURRENCY, change, () => work.clock.now() >= work.deadline);
}

async function removeMissingAgent(work: FullSyncContext, agentId: string): Promise<void> {
  const agent = work.snapshot.get(agentId);
  if (!agent) return;
  const young = work.clock.now() - Date.parse(agent.addedAt) < LIST_LAG_MS;
  if (young && (await work.connect.readUser(agentId, work.deadline)) !== undefined) return;
  if ((await removeAgent(work, agent)) === 'CHANGED') {
    const current = await getAgent(work.directory, agentId, { consistent: true });
    // Another fingerprint: somebody has seen the user since. The same: only its extension is another.
    const same = current?.fingerprint === agent.fingerprint;
    if (current && !(same && (await removeAgent(work, current)) === 'DONE')) {
      work.report.counts.postponed += 1;
      return;
    }
  }
  work.snapshot.delete(agentId);
}

async function updateKnownAgent(work: FullSyncContext, user: AgentDetails): Promise<void> {
  const agent = work.snapshot.get(user.agentId);
  if (agent && (await updateDetails(work, agent, user)) === 'DONE') {
    work.snapshot.set({ ...agent, fingerprint: fingerprintOf(user) });
  } else {
    await reconcileConflict(work, user, false);
  }
}

async function assignPreferredExtensions(work: FullSyncContext, plan: AgentPlan): Promise<boolean> {
  let pending: PackedUser[] = [...plan.waiting.values(), ...plan.preferring, ...plan.added].filter(
    (packed) => unpackUser(packed).preferredExtension !== undefined,
  );
  let refused: { packed: PackedUser; reason: PreferenceRefusal }[];
  let again: boolean;
  do {
    const before = work.report.counts.reassigned;
    refused = [];
    const finished = await forEachUntilDeadline(work, pending, async (packed) => {
      const reason = await assignPreferredTo(work, unpackUser(packed));
      if (reason) refused.push({ packed, reason });
    });
    if (!finished) return false;
    pending = refused.map(({ packed }) => packed);
    // Without a quarantine, what one agent gave up by moving may be what another one asks for.
    again = work.quarantineDays === 0 && work.report.counts.reassigned > before && pending.length > 0;
  } while (again);
  for (const { packed, reason } of refused) reportRefusal(work, unpackUser(packed), reason);
  return true;
}

async function assignPreferredTo(
  work: FullSyncContext,
  user: AgentDetails,
): Promise<PreferenceRefusal | undefined> {
  const agent = work.snapshot.get(user.agentId);
  const answer = await assignPreferred(work, agent, user);
  if (answer === 'CHANGED') await reconcileConflict(work, user, !agent);
  if (typeof answer === 'string') return undefined;
  if ('refused' in answer) return answer.refused;
  recordExtension(work, user, answer.granted);
  return undefined;
}

/** Agents still without an extension: who waits, in the order of waiting, then the new ones. */
function* listUnassigned(work: FullSyncContext, plan: AgentPlan): Generator<PackedUser, void, void> {
  for (const agentId of work.snapshot.waitingIds) {
    const packed = plan.waiting.get(agentId);
    const agent = work.snapshot.get(agentId);
    if (packed && agent && extensionOf(agent) === undefined) yield packed;
  }
  // Taken from the end of the reversed list, so that who has an extension needs no memory any more.
  const fresh = plan.added.reverse();
  for (let packed = fresh.pop(); packed !== undefined; packed = fresh.pop()) {
    const { agentId, preferredExtension: preferred } = unpackUser(packed);
    // Only who asked for an extension can have been given one by now.
    if (preferred === undefined || !work.snapshot.get(agentId)) yield packed;
  }
}

async function assignNextTo(work: FullSyncContext, user: AgentDetails): Promise<void> {
  const agent = work.snapshot.get(user.agentId);
  const answer = await assignNext(work, agent, user);
  if (answer === 'CHANGED') await reconcileConflict(work, user, !agent);
  else if (agent && typeof answer !== 'string' && 'extension' in answer)
    recordExtension(work, user, answer.extension);
}

/** Somebody else is changing the same agent, or the index was behind: look at the agent itself. */
async function reconcileConflict(work: FullSyncContext, user: AgentDetails, mayAdd: boolean): Promise<void> {
  if (!(await reconcileUser(work, user, mayAdd))) work.report.counts.postponed += 1;
}

function recordExtension(work: FullSyncContext, user: AgentDetails, extension: string): void {
  const addedAt = work.snapshot.get(user.agentId)?.addedAt ?? isoNow(work);
  const fingerprint = fingerprintOf(user);
  work.snapshot.set({ agentId: user.agentId, fingerprint, addedAt, placement: { extension } });
}
