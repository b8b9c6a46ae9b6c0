import type { Connect } from '#core/connect/connect.ts';
import { isRefused } from '#core/connect/errors.ts';
import { type ConnectUsersPage, searchUsers } from '#core/connect/users.ts';
import { type AgentDetails, extensionOf, fingerprintOf } from '#core/directory/agents.ts';
import { OutOfTimeError } from '#core/platform/resilience/throttle.ts';
import { type AgentSnapshot, type PackedUser, packUser } from './agent-snapshot.ts';
import type { SyncReport } from './report.ts';
import { exceedsShrinkLimit } from './shrink-guard.ts';
import { agentDetailsOf } from './users.ts';

/** What differs between Connect and the directory. */
export interface AgentPlan {
  /** Known agents that Connect did not tell of. Empty unless all users were read. */
  missing: string[];
  added: PackedUser[];
  changed: PackedUser[];
  /** Known agents without an extension. */
  waiting: Map<string, PackedUser>;
  /** Known agents who ask for another extension than the one they have. */
  preferring: PackedUser[];
  /** All users were read, from the first to the last. */
  complete: boolean;
  /** Where the next run goes on reading. */
  nextToken?: string;
  /** Why the answer cannot be true; then nothing may be changed. */
  shrinkWarning?: string;
}

/**
 * Reads the users from Connect and compares them with what is known. `known` was read before: an agent added
 * meanwhile is in neither or only in Connect's answer, and never taken for gone.
 *
 * @param startToken where an earlier run stopped reading
 */
export async function readAgentPlan(
  connect: Connect,
  known: AgentSnapshot,
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
        comparePage(plan, page, known, seen, report);
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
  for (const agentId of known.ids()) if (!seen.has(agentId)) plan.missing.push(agentId);
  const suspicion = checkShrink(known.size, seen.size, plan.missing.length);
  return suspicion === undefined ? plan : { ...plan, shrinkWarning: suspicion };
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
  known: AgentSnapshot,
  seen: Set<string>,
  report: SyncReport,
): void {
  for (let left = page.incomplete; left > 0; left -= 1) report.addRefusal({ reason: 'INCOMPLETE_USER' });
  for (const user of page.users.map(agentDetailsOf)) {
    if (seen.has(user.agentId)) continue;
    seen.add(user.agentId);
    compareUser(plan, user, known);
  }
}

function compareUser(plan: AgentPlan, user: AgentDetails, known: AgentSnapshot): void {
  const agent = known.get(user.agentId);
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

function checkShrink(known: number, seen: number, gone: number): string | undefined {
  if (known > 0 && seen === 0) return 'Connect listed no users';
  if (exceedsShrinkLimit(gone, known)) return `Connect no longer knows ${gone} of ${known} agents`;
  return undefined;
}
