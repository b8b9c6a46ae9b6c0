import type { Connect, ConnectSender } from '#core/connect/connect.ts';
import { extensionOf, WAITING_PARTITION } from '#core/directory/agents.ts';
import { DIRECT_POOL, unusedPartition } from '#core/directory/numbers.ts';
import { countUnusedExtensions, createExtensionAllocator } from '#core/directory/pool.ts';
import type { Ranges } from '#core/directory/ranges.ts';
import { countPartition, type Directory } from '#core/directory/table.ts';
import { type Clock, isoNow } from '#core/platform/clock.ts';
import { type Lease, LeaseLostError } from '#core/platform/jobs/lease.ts';
import { OutOfTimeError } from '#core/platform/resilience/throttle.ts';
import { readAgentSnapshot } from './agent-snapshot.ts';
import { applyAgentPlan, type FullSyncContext } from './apply.ts';
import { createSyncConnect } from './connect-users.ts';
import { readInstanceNumbers } from './direct-numbers/instance.ts';
import { type DirectNumbersOutcome, syncDirectNumbers } from './direct-numbers/sync-direct-numbers.ts';
import type { AcceptShrink } from './event.ts';
import { type AgentPlan, readAgentPlan } from './plan.ts';
import { createSyncReport, type SyncReport, type SyncResult } from './report.ts';
import { seedPool } from './seed.ts';
import { acceptsShrink, explainShrink } from './shrink-guard.ts';
import {
  clearExportDue,
  createExportMark,
  createSyncLease,
  type ExportMark,
  readSyncState,
  type SyncState,
  saveLastRun,
} from './state.ts';

/** What a sync uses. */
export interface SyncSetup {
  directory: Directory;
  connect: ConnectSender;
  instanceArn: string;
  ranges: Ranges;
  quarantineDays: number;
  /** The name of the flow that transfers the callers of direct numbers. */
  directNumberFlow: string;
  clock: Clock;
  /** Writes agent_extensions.csv. Absent without an export. */
  exportAgents?: () => Promise<void>;
}

/** The share of the time for reading users. The rest is for writing. */
const READ_TIME_SHARE = 0.6;

/** The time for the index to catch up before the export reads it. */
const INDEX_LAG_MS = 2_000;

/**
 * Seeds the pool and reconciles the directory with Connect. Writes only differences, and can be interrupted and run
 * again at any moment.
 *
 * @param options `deadline`: when the run must end, on the setup's clock
 */
export async function runFullSync(
  setup: SyncSetup,
  options: { acceptShrink: AcceptShrink; deadline: number },
): Promise<SyncResult> {
  const { directory, clock } = setup;
  const state = await readSyncState(directory);
  const report = createSyncReport();
  if (state.lease && state.lease.expiresAt > clock.now()) return report.finish('BUSY', BUSY);

  const lease = createSyncLease(directory, clock);
  const exportMark = createExportMark(directory, setup.exportAgents !== undefined, () => isoNow(clock));
  const run: Run = { ...setup, ...options, state, report, lease, exportMark };
  try {
    return await syncAll(run);
  } catch (error) {
    if (error instanceof LeaseLostError) return report.finish(report.hasChanges ? 'PARTIAL' : 'BUSY', BUSY);
    if (error instanceof OutOfTimeError) return report.finish('PARTIAL', OUT_OF_TIME);
    throw error;
  } finally {
    await lease.release();
  }
}

interface Run extends SyncSetup {
  acceptShrink: AcceptShrink;
  deadline: number;
  state: SyncState;
  report: SyncReport;
  lease: Lease;
  exportMark: ExportMark;
}

const BUSY = 'Another sync is running. The next one makes the remaining changes.';
const OUT_OF_TIME = 'Time ran out. The next run continues from here.';

async function syncAll(run: Run): Promise<SyncResult> {
  const { directory, ranges, clock, report, state, lease } = run;
  const stop = () => clock.now() >= run.deadline;
  const seeded = await seedPool(directory, ranges, state.seed, lease, { stop });
  report.counts.extensionsAdded = seeded.added;
  report.counts.extensionsRemoved = seeded.removed;
  for (const extension of seeded.kept.extensions) report.addOutOfRange(extension);
  if (!seeded.finished) return report.finish('PARTIAL', OUT_OF_TIME);

  const snapshot = await readAgentSnapshot(directory);
  const connect = createSyncConnect(run, run.deadline);
  const readUntil = clock.now() + (run.deadline - clock.now()) * READ_TIME_SHARE;
  const plan = await readAgentPlan(connect.until(readUntil), snapshot, report, state.lastRun?.nextToken);
  const allocator = createExtensionAllocator(directory, ranges);
  const context: FullSyncContext = {
    ...{ ...run, connect, snapshot, allocator },
    beforeWrite: async () => {
      await lease.hold();
      await run.exportMark.set();
    },
  };
  if (plan.shrinkWarning !== undefined && !acceptsShrink(run.acceptShrink, 'agents')) {
    await countInventory(context);
    return report.finish('REFUSED', explainShrink(plan.shrinkWarning, 'agents'));
  }
  const applied = await applyAgentPlan(context, plan);
  const numbers: DirectNumbersOutcome = applied
    ? await reconcileNumbers(run, connect)
    : { kind: 'OUT_OF_TIME' };
  await countInventory(context);
  const result = toResult(report, plan, numbers);
  await storeResult(run, result, plan.nextToken);
  return result;
}

/** Runs after the agents, so that the direct numbers never delay them. */
async function reconcileNumbers(run: Run, connect: Connect): Promise<DirectNumbersOutcome> {
  const setup = { ...run, beforeWrite: () => run.lease.hold() };
  const readNumbers = () => readInstanceNumbers(connect, run.directNumberFlow);
  try {
    return await syncDirectNumbers(setup, readNumbers, acceptsShrink(run.acceptShrink, 'numbers'));
  } catch (error) {
    if (error instanceof OutOfTimeError) return { kind: 'OUT_OF_TIME' };
    throw error;
  }
}

function toResult(report: SyncReport, plan: AgentPlan, numbers: DirectNumbersOutcome): SyncResult {
  if (numbers.kind === 'REFUSED') return report.finish('REFUSED', explainShrink(numbers.warning, 'numbers'));
  if (numbers.kind === 'OUT_OF_TIME' || !plan.complete) return report.finish('PARTIAL', OUT_OF_TIME);
  if (report.counts.postponed > 0) return report.finish('PARTIAL', BUSY);
  return numbers.kind === 'NOT_READ' ? report.finish('PARTIAL', numbers.message) : report.finish('DONE');
}

async function countInventory(context: FullSyncContext): Promise<void> {
  const { directory, ranges, snapshot, connect, report } = context;
  const { counts } = report;
  counts.connectCalls = connect.requests;
  for (const agentId of snapshot.ids()) {
    const agent = snapshot.get(agentId);
    const extension = agent && extensionOf(agent);
    if (extension === undefined || ranges.includes(extension)) continue;
    counts.extensionsOutOfRange += 1;
    report.addOutOfRange(extension);
  }
  counts.extensionsUnused = await countUnusedExtensions(directory, ranges);
  counts.waiting = await countPartition(directory, WAITING_PARTITION);
  counts.numbersUnused = await countPartition(directory, unusedPartition(DIRECT_POOL));
}

/** Stores the result and writes the export, unless nothing changed. */
async function storeResult(run: Run, result: SyncResult, nextToken: string | undefined): Promise<void> {
  const { directory, state, lease, clock } = run;
  const finishedAt = isoNow(clock);
  const mark = run.exportMark.value ?? state.lastRun?.exportDue;
  if (lease.held || nextToken !== state.lastRun?.nextToken) {
    await lease.hold();
    await saveLastRun(directory, {
      status: result.status,
      counts: { ...result.counts },
      finishedAt,
      ...(nextToken === undefined ? {} : { nextToken }),
    });
  }
  if (!run.exportAgents || mark === undefined) return;
  await clock.sleep(INDEX_LAG_MS);
  await run.exportAgents();
  await clearExportDue(directory, mark);
}
