import type { SyncChange, SyncReport } from '#core/agent-sync/report.ts';
import { clearDirectNumber } from '#core/directory/agent-actions.ts';
import { getNumber, readDirectDetails } from '#core/directory/numbers.ts';
import { type Directory, type WriteAction, writeActions } from '#core/directory/table.ts';
import {
  addDirectNumber,
  changeNumberState,
  removeNumber,
  setMissingSince,
} from '#core/directory/transitions.ts';
import type { Clock } from '#core/platform/clock.ts';
import { forEachConcurrent } from '#core/platform/resilience/concurrency.ts';
import type { InstanceNumber } from './instance.ts';
import { type DirectNumberChange, planNumberChange, type RunTimes } from './plan.ts';

/** What the changes of direct numbers are made with. */
export interface DirectNumberContext {
  directory: Directory;
  clock: Clock;
  deadline: number;
  times: RunTimes;
  report: SyncReport;
  /** Is called before every write: makes sure of the lease. */
  beforeWrite(): Promise<void>;
}

const WRITE_CONCURRENCY = 16;
const MAX_ATTEMPTS = 5;

/**
 * Makes the changes. A number that somebody else has changed meanwhile is read again and decided on again.
 *
 * @returns false when time ran out before all were made
 */
export function applyDirectNumberPlan(
  work: DirectNumberContext,
  changes: ReadonlyMap<string, DirectNumberChange>,
  listed: ReadonlyMap<string, InstanceNumber>,
): Promise<boolean> {
  return forEachConcurrent(
    changes,
    WRITE_CONCURRENCY,
    ([number, change]) => applyChange(work, number, change, listed.get(number)),
    () => work.clock.now() >= work.deadline,
  );
}

async function applyChange(
  work: DirectNumberContext,
  number: string,
  planned: DirectNumberChange,
  listed: InstanceNumber | undefined,
): Promise<void> {
  let change: DirectNumberChange | undefined = planned;
  let failed: number[] = [];
  for (let attempt = 1; attempt <= MAX_ATTEMPTS && change; attempt += 1) {
    await work.beforeWrite();
    // A number that names an agent who does not name it is taken alone: the agent has nothing to lose.
    const wanted = failed[0] === 1 ? 1 : undefined;
    failed = await writeActions(work.directory, actionsOf(work.directory, number, change).slice(0, wanted));
    if (failed.length === 0) {
      reportChange(work.report, number, change);
      return;
    }
    change = planNumberChange(
      await getNumber(work.directory, number, { consistent: true }),
      listed,
      work.times,
    );
  }
  if (change) work.report.counts.postponed += 1;
}

function actionsOf(directory: Directory, number: string, change: DirectNumberChange): WriteAction[] {
  switch (change.kind) {
    case 'ADD': {
      const { phoneNumberId, country, type } = change.listed;
      const details = readDirectDetails({ source: 'connect', phoneNumberId, country, type });
      return [addDirectNumber(directory, number, details, change.status)];
    }
    case 'BLOCK':
    case 'UNBLOCK':
      return [changeNumberState(directory, change.from, change.to)];
    case 'REMOVE':
      return [removeNumber(directory, change.from)];
    case 'MARK_MISSING':
      return [setMissingSince(directory, change.from, change.missingSince)];
    case 'CLEAR_MISSING':
      return [setMissingSince(directory, change.from, undefined)];
    case 'REVOKE':
      return [
        changeNumberState(directory, change.from, change.to),
        clearDirectNumber(directory, change.from.owner.agentId, number),
      ];
  }
}

/** What is only marked is no change for others. */
function reportChange(report: SyncReport, phoneNumber: string, change: DirectNumberChange): void {
  if (change.kind === 'MARK_MISSING') {
    report.addRefusal({ reason: 'NUMBER_MISSING', agentId: change.from.owner.agentId, phoneNumber });
  } else if (change.kind !== 'CLEAR_MISSING') {
    report.addChange(toSyncChange(phoneNumber, change));
  }
}

function toSyncChange(
  phoneNumber: string,
  change: Exclude<DirectNumberChange, { kind: 'MARK_MISSING' | 'CLEAR_MISSING' }>,
): SyncChange {
  switch (change.kind) {
    case 'ADD':
      return {
        change: 'NUMBER_ADDED',
        phoneNumber,
        ...('reason' in change.status ? { reason: change.status.reason } : {}),
      };
    case 'BLOCK':
      return { change: 'NUMBER_BLOCKED', phoneNumber, reason: change.to.reason };
    case 'UNBLOCK':
      return { change: 'NUMBER_UNBLOCKED', phoneNumber };
    case 'REMOVE':
      return { change: 'NUMBER_REMOVED', phoneNumber };
    case 'REVOKE':
      return { change: 'NUMBER_REVOKED', phoneNumber, agentId: change.from.owner.agentId };
  }
}
