import { getAgent } from '#core/directory/agents.ts';
import { createExportMark, markExportDue } from '#core/directory/export-mark.ts';
import { createExtensionAllocator } from '#core/directory/pool.ts';
import { assignToWaitingAgents } from '#core/directory/waiting-list.ts';
import { CONFLICT, retryOnConflict } from '#core/platform/dynamodb/retry-on-conflict.ts';
import { OutOfTimeError } from '#core/platform/resilience/throttle.ts';
import { isoNow, reconcileUser, removeUser, type SyncContext } from './reconcile-agent.ts';
import { createSyncReport, type SyncReport, type SyncResult } from './report.ts';
import type { SyncSetup } from './run.ts';
import { type ConnectUsers, createConnectUsers } from './users.ts';

/** Waits between questions to Connect, whose answers lag behind its changes. */
const MAX_ATTEMPTS = 5;

const LAG_RETRY_MS = [1_000, 2_000, 4_000];

/**
 * Brings one user up to date, as an event asks. It needs no lease: every write names what it was decided on, and
 * what it cannot do now the next full run does.
 *
 * @param request `expect`: what the event says has become of the user
 */
export async function syncUser(
  setup: SyncSetup,
  request: { userId: string; expect: 'PRESENT' | 'ABSENT' },
  deadline: number,
): Promise<SyncResult> {
  const report = createSyncReport();
  const connect = createConnectUsers(setup.connect, setup.instanceArn, setup.clock);
  const supply = createExtensionAllocator(setup.directory, setup.ranges, 25);
  const mark = createExportMark(setup.directory, setup.exportAgents !== undefined, () => isoNow(setup));
  const work: SyncContext = { ...setup, report, allocator: supply, beforeWrite: () => mark.set() };
  try {
    return await reconcileEventUser(work, connect, request, deadline);
  } catch (error) {
    if (!(error instanceof OutOfTimeError)) throw error;
    return report.finish('PARTIAL', 'Connect did not answer in time; the next full run does it.');
  } finally {
    report.counts.connectCalls = connect.calls;
    // Again, because a full run may have exported between the mark and the change.
    if (report.hasChanges && setup.exportAgents) await markExportDue(setup.directory, isoNow(setup));
  }
}

async function reconcileEventUser(
  work: SyncContext,
  connect: ConnectUsers,
  { userId, expect }: { userId: string; expect: 'PRESENT' | 'ABSENT' },
  deadline: number,
): Promise<SyncResult> {
  const { report } = work;
  const found = await readUserUntilExpected(work, connect, userId, expect, deadline);
  if (expect === 'ABSENT') {
    if (found) return postpone(report, { reason: 'STILL_IN_CONNECT', agentId: userId });
    return (await removeDeletedUser(work, userId)) ? report.finish('DONE') : postpone(report);
  }
  if (!found) return postpone(report, { reason: 'NOT_IN_CONNECT', agentId: userId });
  if (found.user === 'INCOMPLETE') return postpone(report, { reason: 'INCOMPLETE_USER', agentId: userId });
  report.counts.users = 1;
  await assignToWaitingFirst(work);
  return (await reconcileUser(work, found.user, true)) ? report.finish('DONE') : postpone(report);
}

/** Asks again while the answer is not what the event leads to expect. */
async function readUserUntilExpected(
  { clock }: SyncContext,
  connect: ConnectUsers,
  userId: string,
  expect: 'PRESENT' | 'ABSENT',
  deadline: number,
) {
  for (const wait of [...LAG_RETRY_MS, undefined]) {
    const found = await connect.readUser(userId, deadline);
    if ((found !== undefined) === (expect === 'PRESENT') || wait === undefined) return found;
    await clock.sleep(wait);
  }
  return undefined;
}

async function removeDeletedUser(context: SyncContext, agentId: string): Promise<boolean> {
  const removed = await retryOnConflict(MAX_ATTEMPTS, async () => {
    const agent = await getAgent(context.directory, agentId, { consistent: true });
    if (!agent) return true;
    if ((await removeUser(context, agent)).kind === 'CONFLICT') return CONFLICT;
    await assignToWaitingFirst(context);
    return true;
  });
  return removed === true;
}

/** Whoever waits for an extension comes before a new agent. */
function assignToWaitingFirst({ directory, ranges, allocator: supply, report }: SyncContext): Promise<void> {
  return assignToWaitingAgents(directory, ranges, supply, (agentId, extension) =>
    report.addChange({ change: 'ASSIGNED', agentId, extension }),
  );
}

function postpone(report: SyncReport, refusal?: Parameters<SyncReport['addRefusal']>[0]): SyncResult {
  if (refusal) report.addRefusal(refusal);
  else report.counts.postponed += 1;
  return report.finish('PARTIAL', 'This is left to the next full run.');
}
