import type { ConnectSender } from '#core/connect/client.ts';
import type { Connect } from '#core/connect/connect.ts';
import { extensionOf, WAITING_PARTITION } from '#core/directory/agents.ts';
import { createExportMark, type ExportMark } from '#core/directory/export-mark.ts';
import { DIRECT_POOL, unusedPartition } from '#core/directory/numbers.ts';
import { countUnusedExtensions, createExtensionAllocator } from '#core/directory/pool.ts';
import type { Ranges } from '#core/directory/ranges.ts';
import { countPartition, type Directory } from '#core/directory/table.ts';
import type { Clock } from '#core/platform/clock.ts';
import { type Lease, LeaseLostError } from '#core/platform/jobs/lease.ts';
import { OutOfTimeError } from '#core/platform/resilience/throttle.ts';
import { readAgentSnapshot } from './agent-snapshot.ts';
import { applyAgentPlan, type FullSyncContext } from './apply.ts';
import { syncDirectNumbers } from './direct-numbers/index.ts';
import { readInstanceNumbers } from './direct-numbers/instance.ts';
import type { AcceptShrink } from './event.ts';
import { type AgentPlan, readAgentPlan } from './plan.ts';
import { isoNow } from './reconcile-agent.ts';
import { createSyncReport, type SyncReport, type SyncResult } from './report.ts';
import { seedPool } from './seed.ts';
import { acceptsShrink, explainShrink } from './shrink-guard.ts';
import { clearExportDue, createSyncLease, readSyncState, type SyncState, saveLastRun } from './state.ts';
import { createSyncConnect } from './users.ts';

/** What a sync works on. */
export interface SyncSetup {
  directory: Directory;
  connect: ConnectSender;
  instanceArn: string;
  ranges: Ranges;
  quarantineDays: number;
  /** The name of the flow that puts the callers of direct numbers through. */
  directNumberFlow: string;
  clock: Clock;
  /** Writes agent_extensions.csv somewhere; absent when nobody wants it. */
  exportAgents?: () => Promise<void>;
}

/** Of the time for a run, this part may go by before all users are read; the rest is for writing. */
const READ_TIME_SHARE = 0.6;

/** A moment for the index to catch up before the export reads it. */
const INDEX_LAG_MS = 2_000;

/**
 * Seeds the pool and makes the directory what Connect says. Writes differences only; may be killed and started
 * again at any moment.
 *
 * @param deadline when it shall have ended, on the setup's clock
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
  const exportMark = createExportMark(directory, setup.exportAgents !== undefined, () => isoNow(setup));
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

const BUSY = 'Another sync is at work; the next one does what is left.';
const OUT_OF_TIME = 'Time ran out; the next run goes on from here.';

async function syncAll(run: Run): Promise<SyncResult> {
  const { directory, ranges, clock, report, state, lease } = run;
  const stop = () => clock.now() >= run.deadline;
  const seeded = await seedPool(directory, ranges, state.seed, lease, { stop });
  report.counts.extensionsAdded = seeded.added;
  report.counts.extensionsRemoved = seeded.removed;
  for (const extension of seeded.kept.extensions) report.addOutOfRange(extension);
  if (!seeded.finished) return report.finish('PARTIAL', OUT_OF_TIME);

  const known = await readAgentSnapshot(directory);
  const connect = createSyncConnect(run, run.deadline);
  const readUntil = clock.now() + (run.deadline - clock.now()) * READ_TIME_SHARE;
  const plan = await readAgentPlan(connect.until(readUntil), known, report, state.lastRun?.nextToken);
  const supply = createExtensionAllocator(directory, ranges);
  const work: FullSyncContext = {
    ...run,
    connect,
    snapshot: known,
    allocator: supply,
    beforeWrite: () => prepareWrite(run),
  };
  if (plan.shrinkWarning !== undefined && !acceptsShrink(run.acceptShrink, 'agents')) {
    await countInventory(work);
    return report.finish('REFUSED', explainShrink(plan.shrinkWarning, 'agents'));
  }
  const applied = await applyAgentPlan(work, plan);
  const numbers = applied ? await reconcileNumbers(run, connect) : NUMBERS_SKIPPED;
  await countInventory(work);
  const result = resultOf(report, explainPartial(applied && numbers.finished, plan, report), numbers);
  await storeResult(run, result, plan.nextToken);
  return result;
}

interface NumbersOutcome {
  finished: boolean;
  suspicion?: string;
  /** Why Connect's phone numbers are not known. */
  unread?: string;
}

const NUMBERS_SKIPPED: NumbersOutcome = { finished: false };

/** After the agents, who must not wait for it. */
async function reconcileNumbers(run: Run, connect: Connect): Promise<NumbersOutcome> {
  const work = { ...run, beforeWrite: () => run.lease.hold() };
  const readNumbers = () => readInstanceNumbers(connect, run.directNumberFlow);
  try {
    return await syncDirectNumbers(work, readNumbers, acceptsShrink(run.acceptShrink, 'numbers'));
  } catch (error) {
    if (error instanceof OutOfTimeError) return NUMBERS_SKIPPED;
    throw error;
  }
}

function resultOf(
  report: SyncReport,
  left: string | undefined,
  { suspicion, unread }: NumbersOutcome,
): SyncResult {
  if (suspicion !== undefined) {
    return report.finish('REFUSED', explainShrink(suspicion, 'numbers'));
  }
  const open = left ?? unread;
  return open === undefined ? report.finish('DONE') : report.finish('PARTIAL', open);
}

async function prepareWrite({ lease, exportMark }: Run): Promise<void> {
  await lease.hold();
  await exportMark.set();
}

function explainPartial(applied: boolean, plan: AgentPlan, { counts }: SyncReport): string | undefined {
  if (!applied || !plan.complete) return OUT_OF_TIME;
  return counts.postponed > 0 ? BUSY : undefined;
}

async function countInventory({
  directory,
  ranges,
  snapshot: known,
  connect,
  report,
}: FullSyncContext): Promise<void> {
  const { counts } = report;
  counts.connectCalls = connect.requests;
  for (const agentId of known.ids()) {
    const agent = known.get(agentId);
    const extension = agent && extensionOf(agent);
    if (extension === undefined || ranges.includes(extension)) continue;
    counts.extensionsOutOfRange += 1;
    report.addOutOfRange(extension);
  }
  counts.extensionsUnused = await countUnusedExtensions(directory, ranges);
  counts.waiting = await countPartition(directory, WAITING_PARTITION);
  counts.numbersUnused = await countPartition(directory, unusedPartition(DIRECT_POOL));
}

/** Stores the result and the export, unless nothing changed. */
async function storeResult(run: Run, result: SyncResult, nextToken: string | undefined): Promise<void> {
  const { directory, state, lease, clock } = run;
  const finishedAt = new Date(clock.now()).toISOString();
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
