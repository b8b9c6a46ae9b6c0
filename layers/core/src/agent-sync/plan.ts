import type { Connect } from '#core/connect/connect.ts';
import { isRefused } from '#core/connect/errors.ts';
import { type ConnectUsersPage, searchUsers } from '#core/connect/users.ts';
import { type AgentDetails, extensionOf, fingerprintOf } from '#core/directory/agents.ts';
import { OutOfTimeError } from '#core/platform/resilience/throttle.ts';
import { type AgentSnapshot, type PackedUser, packUser } from './agent-snapshot.ts';
import { agentDetailsOf } from './connect-users.ts';
import type { SyncReport } from './report.ts';
import { exceedsShrinkLimit } from './shrink-guard.ts';

/** The differences between Connect and the directory. */
export interface AgentPlan {
  /** Agents whose users Connect did not list. Empty unless all users were read. */
  missing: string[];
  added: PackedUser[];
  changed: PackedUser[];
  /** Agents on the waiting list. */
  waiting: Map<string, PackedUser>;
  /** Agents whose preferred extension is not the one that they have. */
  preferring: PackedUser[];
  /** Whether all users were read. */
  complete: boolean;
  /** Where the next run continues to read. */
  nextToken?: string;
  /** The warning of the shrink guard. */
  shrinkWarning?: string;
}

/**
 * Reads the users from Connect and compares them with the snapshot. The snapshot was read before, so that an agent
 * that is added in between does not look removed.
 *
 * @param startToken where an earlier run stopped reading
 */
export async function readAgentPlan(
  connect: Connect,
  snapshot: AgentSnapshot,
  report: SyncReport,
  startToken: string | undefined,
): Promise<AgentPlan> {
  const plan: AgentPlan = {
    missing: [],
    added: [],
    changed: [],
    waiting: new Map(),
    preferring: [],
    complete: false,
  };
  const seen = new Set<string>();
  let token = startToken;
  try {
    // After the rest, the run reads all users: only a complete reading shows who has left.
    for (const start of startToken === undefined ? [undefined] : [startToken, undefined]) {
      token = start;
      for await (const page of readPages(connect, start)) {
        comparePage(plan, page, snapshot, seen, report);
        token = page.nextToken;
      }
    }
  } catch (error) {
    if (!(error instanceof OutOfTimeError)) throw error;
    report.counts.users = seen.size;
    return token === undefined ? plan : { ...plan, nextToken: token };
  }
  report.counts.users = seen.size;
  plan.complete = true;
  for (const agentId of snapshot.ids()) if (!seen.has(agentId)) plan.missing.push(agentId);
  const shrinkWarning = checkAgentShrink(snapshot.size, seen.size, plan.missing.length);
  return shrinkWarning === undefined ? plan : { ...plan, shrinkWarning };
}

/** The pages from a token on. Connect forgets tokens after a while: then there are none. */
async function* readPages(connect: Connect, start: string | undefined): AsyncGenerator<ConnectUsersPage> {
  let isFirst = true;
  try {
    for await (const page of searchUsers(connect, start)) {
      isFirst = false;
      yield page;
    }
  } catch (error) {
    const isStale = isRefused(error, 'InvalidParameterException', 'InvalidRequestException');
    if (start === undefined || !isFirst || !isStale) throw error;
  }
}

function comparePage(
  plan: AgentPlan,
  page: ConnectUsersPage,
  snapshot: AgentSnapshot,
  seen: Set<string>,
  report: SyncReport,
): void {
  for (let left = page.incomplete; left > 0; left -= 1) report.addRefusal({ reason: 'INCOMPLETE_USER' });
  for (const user of page.users.map(agentDetailsOf)) {
    if (seen.has(user.agentId)) continue;
    seen.add(user.agentId);
    compareUser(plan, user, snapshot);
  }
}

function compareUser(plan: AgentPlan, user: AgentDetails, snapshot: AgentSnapshot): void {
  const agent = snapshot.get(user.agentId);
  if (!agent) {
    plan.added.push(packUser(user));
    return;
  }
  if (agent.fingerprint !== fingerprintOf(user)) plan.changed.push(packUser(user));
  const extension = extensionOf(agent);
  if (extension === undefined) plan.waiting.set(user.agentId, packUser(user));
  else if (user.preferredExtension !== undefined && user.preferredExtension !== extension)
    plan.preferring.push(packUser(user));
}

function checkAgentShrink(known: number, seen: number, missing: number): string | undefined {
  if (known > 0 && seen === 0) return 'Connect listed no users';
  if (exceedsShrinkLimit(missing, known)) return `Connect no longer knows ${missing} of ${known} agents`;
  return undefined;
}
