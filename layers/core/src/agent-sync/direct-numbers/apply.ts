import type { Report, SyncChange } from '#core/agent-sync/report.ts';
import { takeDirectNumber } from '#core/directory/agent-actions.ts';
import { directDetails, getNumber } from '#core/directory/numbers.ts';
import { type Action, type Directory, write } from '#core/directory/table.ts';
import { changeState, createDirectNumber, markMissed, removeNumber } from '#core/directory/transitions.ts';
import type { Clock } from '#core/platform/clock.ts';
import { forEachConcurrent } from '#core/platform/resilience/concurrency.ts';
import type { InstanceNumber } from './instance.ts';
import { decide, type NumberChange, type RunTimes } from './plan.ts';

/** What the changes of direct numbers are made with. */
export interface NumberWork {
  directory: Directory;
  clock: Clock;
  deadline: number;
  times: RunTimes;
  report: Report;
  /** Is called before every write: makes sure of the lease. */
  beforeWrite(): Promise<void>;
}

const PARALLEL = 16;
const ATTEMPTS = 5;

/**
 * Makes the changes. A number that somebody else has changed meanwhile is read again and decided on again.
 *
 * @returns false when time ran out before all were made
 */
export function applyNumbers(
  work: NumberWork,
  changes: ReadonlyMap<string, NumberChange>,
  listed: ReadonlyMap<string, InstanceNumber>,
): Promise<boolean> {
  return forEachConcurrent(
    changes,
    PARALLEL,
    ([number, change]) => settle(work, number, change, listed.get(number)),
    () => work.clock.now() >= work.deadline,
  );
}

async function settle(
  work: NumberWork,
  number: string,
  planned: NumberChange,
  listed: InstanceNumber | undefined,
): Promise<void> {
  let change: NumberChange | undefined = planned;
  let failed: number[] = [];
  for (let attempt = 1; attempt <= ATTEMPTS && change; attempt += 1) {
    await work.beforeWrite();
    // A number that names an agent who does not name it is taken alone: the agent has nothing to lose.
    const wanted = failed[0] === 1 ? 1 : undefined;
    failed = await write(work.directory, actionsOf(work.directory, number, change).slice(0, wanted));
    if (failed.length === 0) {
      tell(work.report, number, change);
      return;
    }
    change = decide(await getNumber(work.directory, number, { consistent: true }), listed, work.times);
  }
  if (change) work.report.counts.postponed += 1;
}

function actionsOf(directory: Directory, number: string, change: NumberChange): Action[] {
  switch (change.kind) {
    case 'ADD': {
      const { phoneNumberId, country, type } = change.listed;
      const details = directDetails({ source: 'connect', phoneNumberId, country, type });
      return [createDirectNumber(directory, number, details, change.status)];
    }
    case 'BLOCK':
    case 'OPEN':
      return [changeState(directory, change.from, change.to)];
    case 'REMOVE':
      return [removeNumber(directory, change.from)];
    case 'MISS':
      return [markMissed(directory, change.from, change.missedAt)];
    case 'MEET':
      return [markMissed(directory, change.from, undefined)];
    case 'TAKE':
      return [
        changeState(directory, change.from, change.to),
        takeDirectNumber(directory, change.from.owner.agentId, number),
      ];
  }
}

/** What is only marked is no change for others. */
function tell(report: Report, phoneNumber: string, change: NumberChange): void {
  if (change.kind === 'MISS') {
    report.refuse({ reason: 'NUMBER_MISSED', agentId: change.from.owner.agentId, phoneNumber });
  } else if (change.kind !== 'MEET') {
    report.changed(describe(phoneNumber, change));
  }
}

function describe(phoneNumber: string, change: Exclude<NumberChange, { kind: 'MISS' | 'MEET' }>): SyncChange {
  switch (change.kind) {
    case 'ADD':
      return {
        change: 'NUMBER_ADDED',
        phoneNumber,
        ...('reason' in change.status ? { reason: change.status.reason } : {}),
      };
    case 'BLOCK':
      return { change: 'NUMBER_BLOCKED', phoneNumber, reason: change.to.reason };
    case 'OPEN':
      return { change: 'NUMBER_OPENED', phoneNumber };
    case 'REMOVE':
      return { change: 'NUMBER_REMOVED', phoneNumber };
    case 'TAKE':
      return { change: 'NUMBER_TAKEN', phoneNumber, agentId: change.from.owner.agentId };
  }
}
