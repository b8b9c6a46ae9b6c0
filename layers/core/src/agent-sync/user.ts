import { getAgent } from '#core/directory/agents.ts';
import { createExportMark, markExportDue } from '#core/directory/changes.ts';
import { openSupply } from '#core/directory/pool.ts';
import { serveWaiting } from '#core/directory/waiting-list.ts';
import { OutOfTimeError } from '#core/platform/resilience/throttle.ts';
import { isoNow, remove, settleUser, type Work } from './reconcile-agent.ts';
import { createReport, type Report, type SyncResult } from './report.ts';
import type { SyncSetup } from './run.ts';
import { type ConnectUsers, createConnectUsers } from './users.ts';

/** Waits between questions to Connect, whose answers lag behind its changes. */
const PATIENCE_MS = [1_000, 2_000, 4_000];

/**
 * Brings one user up to date, as an event asks. It needs no lease: every write names what it was decided on, and
 * what it cannot do now the next full run does.
 *
 * @param request `expect`: what the event says has become of the user
 */
export async function syncUser(
  setup: SyncSetup,
  request: { userId: string; expect: 'PRESENT' | 'GONE' },
  deadline: number,
): Promise<SyncResult> {
  const report = createReport();
  const connect = createConnectUsers(setup.connect, setup.instanceArn, setup.clock);
  const supply = openSupply(setup.directory, setup.ranges, 25);
  const mark = createExportMark(setup.directory, setup.exportAgents !== undefined, () => isoNow(setup));
  const work: Work = { ...setup, report, supply, beforeWrite: () => mark.set() };
  try {
    return await settle(work, connect, request, deadline);
  } catch (error) {
    if (!(error instanceof OutOfTimeError)) throw error;
    return report.result('PARTIAL', 'Connect did not answer in time; the next full run does it.');
  } finally {
    report.counts.connectCalls = connect.calls;
    // Again, because a full run may have exported between the mark and the change.
    if (report.hasChanges && setup.exportAgents) await markExportDue(setup.directory, isoNow(setup));
  }
}

async function settle(
  work: Work,
  connect: ConnectUsers,
  { userId, expect }: { userId: string; expect: 'PRESENT' | 'GONE' },
  deadline: number,
): Promise<SyncResult> {
  const { report } = work;
  const found = await readPatiently(work, connect, userId, expect, deadline);
  if (expect === 'GONE') {
    if (found) return leave(report, { reason: 'STILL_IN_CONNECT', agentId: userId });
    return (await removeUser(work, userId)) ? report.result('DONE') : leave(report);
  }
  if (!found) return leave(report, { reason: 'NOT_IN_CONNECT', agentId: userId });
  if (found.user === 'INCOMPLETE') return leave(report, { reason: 'INCOMPLETE_USER', agentId: userId });
  report.counts.users = 1;
  await serveOthersFirst(work);
  return (await settleUser(work, found.user, true)) ? report.result('DONE') : leave(report);
}

/** Asks again while the answer is not what the event leads to expect. */
async function readPatiently(
  { clock }: Work,
  connect: ConnectUsers,
  userId: string,
  expect: 'PRESENT' | 'GONE',
  deadline: number,
) {
  for (const wait of [...PATIENCE_MS, undefined]) {
    const found = await connect.readUser(userId, deadline);
    if ((found !== undefined) === (expect === 'PRESENT') || wait === undefined) return found;
    await clock.sleep(wait);
  }
  return undefined;
}

async function removeUser(work: Work, agentId: string): Promise<boolean> {
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    const agent = await getAgent(work.directory, agentId, { consistent: true });
    if (!agent) return true;
    if ((await remove(work, agent)) === 'DONE') {
      await serveOthersFirst(work);
      return true;
    }
  }
  return false;
}

/** Whoever waits for an extension comes before a new agent. */
function serveOthersFirst({ directory, ranges, supply, report }: Work): Promise<void> {
  return serveWaiting(directory, ranges, supply, (agentId, extension) =>
    report.changed({ change: 'SERVED', agentId, extension }),
  );
}

function leave(report: Report, refusal?: Parameters<Report['refuse']>[0]): SyncResult {
  if (refusal) report.refuse(refusal);
  else report.counts.postponed += 1;
  return report.result('PARTIAL', 'This is left to the next full run.');
}
