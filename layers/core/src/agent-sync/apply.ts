import type { Connect } from '#core/connect/connect.ts';
import { describeUser } from '#core/connect/users.ts';
import { type AgentDetails, extensionOf, fingerprintOf, getAgent } from '#core/directory/agents.ts';
import type { PreferenceRefusal } from '#core/directory/preferred-extension.ts';
import { isoNow } from '#core/platform/clock.ts';
import { forEachConcurrent } from '#core/platform/resilience/concurrency.ts';
import { type AgentSnapshot, type PackedUser, unpackUser } from './agent-snapshot.ts';
import type { AgentPlan } from './plan.ts';
import {
  assignNext,
  assignPreferred,
  reconcileUser,
  removeUser,
  reportRefusal,
  type SyncContext,
  updateUser,
} from './reconcile-agent.ts';

/** What a full run needs in addition to the steps. */
export interface FullSyncContext extends SyncContext {
  connect: Connect;
  snapshot: AgentSnapshot;
  deadline: number;
}

const WRITE_CONCURRENCY = 16;

/** Connect's list may not contain a user this young yet. Before the sync removes the agent, it reads the user. */
const LIST_LAG_MS = 15 * 60_000;

/**
 * Writes the differences: removes agents, updates details, assigns preferred extensions, then assigns the next
 * extensions, first to the waiting list.
 *
 * @returns false when time ran out before everything was written
 */
export async function applyAgentPlan(context: FullSyncContext, plan: AgentPlan): Promise<boolean> {
  const forEach = <Item>(items: Iterable<Item>, change: (item: Item) => Promise<void>) =>
    forEachUntilDeadline(context, items, change);
  const steps = [
    () => forEach(plan.missing, (agentId) => removeMissingAgent(context, agentId)),
    () => forEach(plan.changed, (packed) => updateChangedAgent(context, unpackUser(packed))),
    () => assignPreferredExtensions(context, plan),
    () => forEach(listUnassigned(context, plan), (packed) => assignNextTo(context, unpackUser(packed))),
  ];
  for (const step of steps) if (!(await step())) return false;
  return true;
}

function forEachUntilDeadline<Item>(
  { clock, deadline }: FullSyncContext,
  items: Iterable<Item>,
  change: (item: Item) => Promise<void>,
): Promise<boolean> {
  return forEachConcurrent(items, WRITE_CONCURRENCY, change, () => clock.now() >= deadline);
}

async function removeMissingAgent(context: FullSyncContext, agentId: string): Promise<void> {
  const { snapshot, clock, connect, directory, report } = context;
  const agent = snapshot.get(agentId);
  if (!agent) return;
  const mayBeUnlisted = clock.now() - Date.parse(agent.addedAt) < LIST_LAG_MS;
  if (mayBeUnlisted && (await describeUser(connect, agentId)).kind !== 'NOT_FOUND') return;
  if ((await removeUser(context, agent)).kind === 'CONFLICT') {
    const current = await getAgent(directory, agentId, { consistent: true });
    // The same fingerprint: only the extension changed. Another one: a later run found the user, so the agent stays.
    const unseen = current?.fingerprint === agent.fingerprint;
    if (current && !(unseen && (await removeUser(context, current)).kind === 'REMOVED')) {
      report.counts.postponed += 1;
      return;
    }
  }
  snapshot.delete(agentId);
}

async function updateChangedAgent(context: FullSyncContext, user: AgentDetails): Promise<void> {
  const agent = context.snapshot.get(user.agentId);
  const outcome = agent && (await updateUser(context, agent, user));
  if (!outcome || outcome.kind === 'CONFLICT') await reconcileConflict(context, user, false);
  else context.snapshot.set({ ...agent, fingerprint: fingerprintOf(user) });
}

async function assignPreferredExtensions(context: FullSyncContext, plan: AgentPlan): Promise<boolean> {
  const { counts } = context.report;
  let pending: PackedUser[] = [...plan.waiting.values(), ...plan.preferring, ...plan.added].filter(
    (packed) => unpackUser(packed).preferredExtension !== undefined,
  );
  let refused: { packed: PackedUser; reason: PreferenceRefusal }[];
  let again: boolean;
  do {
    const before = counts.reassigned;
    refused = [];
    const finished = await forEachUntilDeadline(context, pending, async (packed) => {
      const reason = await assignPreferredTo(context, unpackUser(packed));
      if (reason) refused.push({ packed, reason });
    });
    if (!finished) return false;
    pending = refused.map(({ packed }) => packed);
    // Without a quarantine, an extension that one agent released can be the preferred one of another agent.
    again = context.quarantineDays === 0 && counts.reassigned > before && pending.length > 0;
  } while (again);
  for (const { packed, reason } of refused) reportRefusal(context, unpackUser(packed), reason);
  return true;
}

async function assignPreferredTo(
  context: FullSyncContext,
  user: AgentDetails,
): Promise<PreferenceRefusal | undefined> {
  const agent = context.snapshot.get(user.agentId);
  const outcome = await assignPreferred(context, agent, user);
  switch (outcome.kind) {
    case 'ASSIGNED':
      recordExtension(context, user, outcome.extension);
      return undefined;
    case 'REFUSED':
      return outcome.reason;
    case 'CONFLICT':
      await reconcileConflict(context, user, !agent);
      return undefined;
    case 'DAMAGED':
      return undefined;
  }
}

/** Lists the agents without an extension: the waiting list in its order, then the new agents. */
function* listUnassigned(context: FullSyncContext, plan: AgentPlan): Generator<PackedUser, void, void> {
  const { snapshot } = context;
  for (const agentId of snapshot.waitingIds) {
    const packed = plan.waiting.get(agentId);
    const agent = snapshot.get(agentId);
    if (packed && agent && extensionOf(agent) === undefined) yield packed;
  }
  // Pops from the reversed list, so that memory is freed for each user that has been handled.
  const added = plan.added.reverse();
  for (let packed = added.pop(); packed !== undefined; packed = added.pop()) {
    const { agentId, preferredExtension } = unpackUser(packed);
    // A new agent without a preferred extension cannot have an extension yet.
    if (preferredExtension === undefined || !snapshot.get(agentId)) yield packed;
  }
}

async function assignNextTo(context: FullSyncContext, user: AgentDetails): Promise<void> {
  const agent = context.snapshot.get(user.agentId);
  const outcome = await assignNext(context, agent, user);
  switch (outcome.kind) {
    case 'ASSIGNED':
      // The rest of the run does not look up a new agent, so the snapshot does not keep it.
      if (agent) recordExtension(context, user, outcome.extension);
      return;
    case 'CONFLICT':
      return reconcileConflict(context, user, !agent);
    case 'WAITING':
    case 'DAMAGED':
  }
}

/** Reads the agent and reconciles it, because the snapshot is outdated. */
async function reconcileConflict(
  context: FullSyncContext,
  user: AgentDetails,
  mayAdd: boolean,
): Promise<void> {
  if (!(await reconcileUser(context, user, mayAdd))) context.report.counts.postponed += 1;
}

function recordExtension({ snapshot, clock }: FullSyncContext, user: AgentDetails, extension: string): void {
  const { agentId } = user;
  const addedAt = snapshot.get(agentId)?.addedAt ?? isoNow(clock);
  snapshot.set({ agentId, fingerprint: fingerprintOf(user), addedAt, placement: { extension } });
}
