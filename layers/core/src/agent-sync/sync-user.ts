import type { Connect } from '#core/connect/connect.ts';
import { type DescribedUser, describeUser } from '#core/connect/users.ts';
import { getAgent } from '#core/directory/agents.ts';
import { createExtensionAllocator } from '#core/directory/pool.ts';
import { markExportDue } from '#core/directory/sync-state.ts';
import { assignToWaitingAgents } from '#core/directory/waiting-list.ts';
import { isoNow } from '#core/platform/clock.ts';
import { CONFLICT, retryOnConflict } from '#core/platform/dynamodb/retry-on-conflict.ts';
import { poll } from '#core/platform/resilience/poll.ts';
import { OutOfTimeError } from '#core/platform/resilience/throttle.ts';
import { agentDetailsOf, createSyncConnect } from './connect-users.ts';
import { reconcileUser, removeUser, type SyncContext } from './reconcile-agent.ts';
import { createSyncReport, type SyncReport, type SyncResult } from './report.ts';
import type { SyncSetup } from './run.ts';
import { createExportMark } from './state.ts';

const MAX_ATTEMPTS = 5;
const ALLOCATION_PAGE_SIZE = 25;

/** Connect shows a change after a delay. */
const DESCRIBE_WAITS_MS = [1_000, 2_000, 4_000];

/**
 * Reconciles one user after an event. It needs no lease, because every write names what it was decided on. The next
 * full run makes the changes that fail here.
 *
 * @param request `expect`: whether the user exists, according to the event
 */
export async function syncUser(
  setup: SyncSetup,
  request: { userId: string; expect: 'PRESENT' | 'ABSENT' },
  deadline: number,
): Promise<SyncResult> {
  const report = createSyncReport();
  const connect = createSyncConnect(setup, deadline);
  const allocator = createExtensionAllocator(setup.directory, setup.ranges, ALLOCATION_PAGE_SIZE);
  const mark = createExportMark(setup.directory, setup.exportAgents !== undefined, () => isoNow(setup.clock));
  const context: SyncContext = { ...setup, report, allocator, beforeWrite: () => mark.set() };
  try {
    return await reconcileEventUser(context, connect, request);
  } catch (error) {
    if (!(error instanceof OutOfTimeError)) throw error;
    return report.finish('PARTIAL', 'Connect did not respond in time. The next full run makes the change.');
  } finally {
    report.counts.connectCalls = connect.requests;
    // Again, because a full run may have written the export between the mark and the change.
    if (report.hasChanges && setup.exportAgents) await markExportDue(setup.directory, isoNow(setup.clock));
  }
}

async function reconcileEventUser(
  context: SyncContext,
  connect: Connect,
  { userId, expect }: { userId: string; expect: 'PRESENT' | 'ABSENT' },
): Promise<SyncResult> {
  const { report } = context;
  const described = await describeExpected(connect, userId, expect);
  if (expect === 'ABSENT') {
    if (described.kind !== 'NOT_FOUND') {
      return postpone(report, { reason: 'STILL_IN_CONNECT', agentId: userId });
    }
    return (await removeDeletedUser(context, userId)) ? report.finish('DONE') : postpone(report);
  }
  switch (described.kind) {
    case 'NOT_FOUND':
      return postpone(report, { reason: 'NOT_IN_CONNECT', agentId: userId });
    case 'INCOMPLETE':
      return postpone(report, { reason: 'INCOMPLETE_USER', agentId: userId });
  }
  report.counts.users = 1;
  await assignToWaitingFirst(context);
  return (await reconcileUser(context, agentDetailsOf(described.user), true))
    ? report.finish('DONE')
    : postpone(report);
}

/** Describes a user, again after a wait while the response contradicts the event. */
function describeExpected(
  connect: Connect,
  userId: string,
  expect: 'PRESENT' | 'ABSENT',
): Promise<DescribedUser> {
  return poll(
    () => describeUser(connect, userId),
    ({ kind }) => (kind === 'NOT_FOUND') === (expect === 'ABSENT'),
    DESCRIBE_WAITS_MS,
    connect.wait,
  );
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

/** Waiting agents come before a new agent. */
function assignToWaitingFirst({ directory, ranges, allocator, report }: SyncContext): Promise<void> {
  return assignToWaitingAgents(directory, ranges, allocator, (agentId, extension) =>
    report.addChange({ change: 'ASSIGNED', agentId, extension }),
  );
}

function postpone(report: SyncReport, refusal?: Parameters<SyncReport['addRefusal']>[0]): SyncResult {
  if (refusal) report.addRefusal(refusal);
  else report.counts.postponed += 1;
  return report.finish('PARTIAL', 'The next full run makes the change.');
}
