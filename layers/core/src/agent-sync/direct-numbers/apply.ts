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
import { CONFLICT, retryOnConflict } from '#core/platform/dynamodb/retry-on-conflict.ts';
import { forEachConcurrent } from '#core/platform/resilience/concurrency.ts';
import type { InstanceNumber } from './instance.ts';
import { type DirectNumberChange, planNumberChange, type RunTimes } from './plan.ts';

/** What the changes of direct numbers need. */
export interface DirectNumberContext {
  directory: Directory;
  clock: Clock;
  deadline: number;
  times: RunTimes;
  report: SyncReport;
  /** Runs before every write. It renews the lease. */
  beforeWrite(): Promise<void>;
}

const WRITE_CONCURRENCY = 16;
const MAX_ATTEMPTS = 5;

/**
 * Makes the changes. After a conflict, reads the number and plans its change again.
 *
 * @returns false when time ran out before all changes were made
 */
export function applyDirectNumberPlan(
  context: DirectNumberContext,
  changes: ReadonlyMap<string, DirectNumberChange>,
  listed: ReadonlyMap<string, InstanceNumber>,
): Promise<boolean> {
  const { clock, deadline } = context;
  return forEachConcurrent(
    changes,
    WRITE_CONCURRENCY,
    ([number, change]) => applyChange(context, number, change, listed.get(number)),
    () => clock.now() >= deadline,
  );
}

async function applyChange(
  { directory, report, times, beforeWrite }: DirectNumberContext,
  number: string,
  planned: DirectNumberChange,
  listed: InstanceNumber | undefined,
): Promise<void> {
  let change: DirectNumberChange | undefined = planned;
  let isOwnerDamaged = false;
  const outcome = await retryOnConflict(MAX_ATTEMPTS, async () => {
    if (!change) return;
    await beforeWrite();
    // When the agent does not name the number, only the number changes.
    const actions = actionsOf(directory, number, change).slice(0, isOwnerDamaged ? 1 : undefined);
    const failed = await writeActions(directory, actions);
    if (failed.length === 0) return reportChange(report, number, change);
    isOwnerDamaged = failed[0] === 1;
    change = planNumberChange(await getNumber(directory, number, { consistent: true }), listed, times);
    return change && CONFLICT;
  });
  if (outcome === CONFLICT) report.counts.postponed += 1;
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

function reportChange(report: SyncReport, phoneNumber: string, change: DirectNumberChange): void {
  switch (change.kind) {
    case 'MARK_MISSING':
      report.addRefusal({ reason: 'NUMBER_MISSING', agentId: change.from.owner.agentId, phoneNumber });
      return;
    case 'CLEAR_MISSING':
      return;
    default:
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
