import { extensionOf, WAITING_PARTITION } from '#core/directory/agents.ts';
import { createExportMark, type ExportMark } from '#core/directory/changes.ts';
import { DIRECT_POOL, unusedPartition } from '#core/directory/numbers.ts';
import { countUnused, openSupply } from '#core/directory/pool.ts';
import type { Ranges } from '#core/directory/ranges.ts';
import { countIndex, type Directory } from '#core/directory/table.ts';
import type { Clock } from '#core/platform/clock.ts';
import { OutOfTimeError } from '#core/platform/resilience/throttle.ts';
import { readKnownAgents } from './agent-snapshot.ts';
import { applyPlan, type FullWork } from './apply.ts';
import { createConnectNumbers, syncDirectNumbers } from './direct-numbers/index.ts';
import type { AcceptShrink } from './event.ts';
import { type Plan, readPlan } from './plan.ts';
import { isoNow } from './reconcile-agent.ts';
import { createReport, type Report, type SyncResult } from './report.ts';
import { seedPool } from './seed.ts';
import {
  clearExportDue,
  createLease,
  type Lease,
  LeaseLostError,
  readState,
  type SyncState,
  saveLast,
} from './state.ts';
import { type ConnectSender, createConnectUsers } from './users.ts';

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
const READING_SHARE = 0.6;

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
  const state = await readState(directory);
  const report = createReport();
  if (state.lease && state.lease.expiresAt > clock.now()) return report.result('BUSY', BUSY);

  const lease = createLease(directory, clock);
  const exportMark = createExportMark(directory, setup.exportAgents !== undefined, () => isoNow(setup));
  const run: Run = { ...setup, ...options, state, report, lease, exportMark };
  try {
    return await reconcile(run);
  } catch (error) {
    if (error instanceof LeaseLostError) return report.result(report.hasChanges ? 'PARTIAL' : 'BUSY', BUSY);
    if (error instanceof OutOfTimeError) return report.result('PARTIAL', OUT_OF_TIME);
    throw error;
  } finally {
    await lease.release();
  }
}

interface Run extends SyncSetup {
  acceptShrink: AcceptShrink;
  deadline: number;
  state: SyncState;
  report: Report;
  lease: Lease;
  exportMark: ExportMark;
}

const BUSY = 'Another sync is at work; the next one does what is left.';
const OUT_OF_TIME = 'Time ran out; the next run goes on from here.';

async function reconcile(run: Run): Promise<SyncResult> {
  const { directory, ranges, clock, report, state, lease } = run;
  const stop = () => clock.now() >= run.deadline;
  const seeded = await seedPool(directory, ranges, state.seed, lease, { stop });
  report.counts.extensionsAdded = seeded.added;
  report.counts.extensionsRemoved = seeded.removed;
  for (const extension of seeded.kept.extensions) report.keep(extension);
  if (!seeded.finished) return report.result('PARTIAL', OUT_OF_TIME);

  const known = await readKnownAgents(directory);
  const connect = createConnectUsers(run.connect, run.instanceArn, clock);
  const readUntil = clock.now() + (run.deadline - clock.now()) * READING_SHARE;
  const plan = await readPlan(connect, known, report, state.last?.nextToken, readUntil);
  const supply = openSupply(directory, ranges);
  const work: FullWork = { ...run, connect, known, supply, beforeWrite: () => announceWrite(run) };
  if (plan.suspicion !== undefined && !isAccepted(run, 'agents')) {
    await takeStock(work);
    return report.result('REFUSED', `${plan.suspicion}, so nothing was changed. ${howToAccept('agents')}`);
  }
  const applied = await applyPlan(work, plan);
  const numbers = applied ? await reconcileNumbers(run) : OUT;
  await takeStock(work);
  report.counts.connectCalls += numbers.calls;
  const result = resultOf(report, whatIsLeft(applied && numbers.finished, plan, report), numbers);
  await finish(run, result, plan.nextToken);
  return result;
}

interface NumbersOutcome {
  finished: boolean;
  calls: number;
  suspicion?: string;
  /** Why Connect's phone numbers are not known. */
  unread?: string;
}

const OUT: NumbersOutcome = { finished: false, calls: 0 };

/** After the agents, who must not wait for it. */
async function reconcileNumbers(run: Run): Promise<NumbersOutcome> {
  const connect = createConnectNumbers(run.connect, run.instanceArn, run.directNumberFlow, run.clock);
  const work = { ...run, beforeWrite: () => run.lease.hold() };
  try {
    const outcome = await syncDirectNumbers(work, connect, isAccepted(run, 'numbers'));
    return { ...outcome, calls: connect.calls };
  } catch (error) {
    if (error instanceof OutOfTimeError) return { finished: false, calls: connect.calls };
    throw error;
  }
}

function resultOf(
  report: Report,
  left: string | undefined,
  { suspicion, unread }: NumbersOutcome,
): SyncResult {
  if (suspicion !== undefined) {
    return report.result(
      'REFUSED',
      `${suspicion}, so no direct number was changed. ${howToAccept('numbers')}`,
    );
  }
  const open = left ?? unread;
  return open === undefined ? report.result('DONE') : report.result('PARTIAL', open);
}

async function announceWrite({ lease, exportMark }: Run): Promise<void> {
  await lease.hold();
  await exportMark.set();
}

function whatIsLeft(applied: boolean, plan: Plan, { counts }: Report): string | undefined {
  if (!applied || !plan.complete) return OUT_OF_TIME;
  return counts.postponed > 0 ? BUSY : undefined;
}

/** Who accepts the one has not looked at the other. */
function isAccepted({ acceptShrink }: Run, kind: 'agents' | 'numbers'): boolean {
  return acceptShrink === true || acceptShrink === kind;
}

function howToAccept(kind: 'agents' | 'numbers'): string {
  return `If that is really so, invoke the function with {"acceptShrink": "${kind}"}.`;
}

async function takeStock({ directory, ranges, known, connect, report }: FullWork): Promise<void> {
  const { counts } = report;
  counts.connectCalls = connect.calls;
  for (const agentId of known.ids()) {
    const agent = known.get(agentId);
    const extension = agent && extensionOf(agent);
    if (extension === undefined || ranges.includes(extension)) continue;
    counts.outOfRange += 1;
    report.keep(extension);
  }
  counts.unused = await countUnused(directory, ranges);
  counts.waiting = await countIndex(directory, WAITING_PARTITION);
  counts.directUnused = await countIndex(directory, unusedPartition(DIRECT_POOL));
}

/** Stores the result and the export, unless nothing changed. */
async function finish(run: Run, result: SyncResult, nextToken: string | undefined): Promise<void> {
  const { directory, state, lease, clock } = run;
  const finishedAt = new Date(clock.now()).toISOString();
  const mark = run.exportMark.value ?? state.last?.exportDue;
  if (lease.taken || nextToken !== state.last?.nextToken) {
    await lease.hold();
    await saveLast(directory, {
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
