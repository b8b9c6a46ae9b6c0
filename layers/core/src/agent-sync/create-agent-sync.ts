import { createConnectClient } from '#core/connect/connect.ts';
import { parseRanges } from '#core/directory/ranges.ts';
import { createDirectory } from '#core/directory/table.ts';
import { systemClock } from '#core/platform/clock.ts';
import { count, gauge } from '#core/platform/observability.ts';
import { readSyncEvent } from './event.ts';
import { exportToBucket } from './export.ts';
import { createSyncReport, type SyncResult } from './report.ts';
import { runFullSync, type SyncSetup } from './run.ts';
import { syncUser } from './sync-user.ts';

// Read this folder from the top: create-agent-sync → event, run, sync-user. A full run: run → state, seed → agent-snapshot,
// plan, shrink-guard → apply → reconcile-agent; then direct-numbers/sync-direct-numbers → instance, plan, apply; report,
// export. An event: sync-user → connect-users, reconcile-agent.

export interface AgentSyncSettings {
  table: string;
  instanceArn: string;
  extensionRange: string;
  quarantineDays: number;
  /** The name of the flow that transfers the callers of direct numbers. */
  directNumberFlow: string;
  /** The bucket of agent_extensions.csv. Empty: no export. */
  exportBucket: string;
}

/** The time for one user. What takes longer is left for the next full run. */
const USER_BUDGET_MS = 60_000;

/**
 * Creates the sync of this process.
 *
 * @param overrides replace AWS and time in a test or the benchmark
 * @throws {InvalidInputError} when the extension range is invalid
 */
export function createAgentSync(settings: AgentSyncSettings, overrides: Partial<SyncSetup> = {}) {
  const directory = overrides.directory ?? createDirectory(settings.table);
  const setup: SyncSetup = {
    directory,
    connect: overrides.connect ?? createConnectClient(),
    instanceArn: settings.instanceArn,
    ranges: parseRanges(settings.extensionRange),
    quarantineDays: settings.quarantineDays,
    directNumberFlow: settings.directNumberFlow,
    clock: systemClock,
    ...(settings.exportBucket === ''
      ? {}
      : { exportAgents: () => exportToBucket(directory, settings.exportBucket) }),
    ...overrides,
  };

  /** @param remainingMs the time that the invocation has left */
  return async function syncAgents(event: unknown, remainingMs: number): Promise<SyncResult> {
    const request = readSyncEvent(event, settings.instanceArn);
    const now = setup.clock.now();
    const deadline = now + remainingMs - Math.min(20_000, remainingMs / 5);
    switch (request.kind) {
      case 'NONE':
        return createSyncReport().finish('SKIPPED', request.reason);
      case 'USER':
        return countChanges(await syncUser(setup, request, Math.min(deadline, now + USER_BUDGET_MS)));
      case 'FULL': {
        const { acceptShrink } = request;
        const result = countChanges(await runFullSync(setup, { acceptShrink, deadline }));
        gaugeInventory(result, setup.ranges.count);
        return result;
      }
    }
  };
}

function countChanges(result: SyncResult): SyncResult {
  const { counts } = result;
  count('AgentsAdded', counts.added);
  count('AgentsUpdated', counts.updated);
  count('AgentsReassigned', counts.reassigned);
  count('AgentsRemoved', counts.removed);
  count('DirectNumbersAdded', counts.numbersAdded);
  count('DirectNumbersBlocked', counts.numbersBlocked + counts.numbersRevoked);
  count('DirectNumbersRemoved', counts.numbersRemoved);
  count('SyncItemsRefused', counts.refused);
  return result;
}

function gaugeInventory({ status, counts }: SyncResult, pool: number): void {
  count('SyncRefused', status === 'REFUSED' ? 1 : 0);
  if (status === 'BUSY' || counts.connectCalls === 0) return;
  gauge('ExtensionsUnused', counts.extensionsUnused);
  gauge('ExtensionsUnusedPercent', (100 * counts.extensionsUnused) / pool, 'Percent');
  gauge('AgentsWaiting', counts.waiting);
  gauge('DirectNumbersUnused', counts.numbersUnused);
}
