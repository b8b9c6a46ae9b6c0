import { type Directory, readSyncState } from '@switchboard/core/agent-sync';
import type { Command } from 'commander';
import type { CliContext, Output } from '#tools/cli/context.ts';
import { addDeploymentOptions, type DeploymentOptions } from '#tools/cli/deployment.ts';
import { DIRECTORY_SETTINGS, directoryFrom } from './options.ts';

export function configureSyncStatus(command: Command, { output }: CliContext): void {
  command.description(
    'Show whether a sync is running, what the extension pool holds, and how the last sync ended.',
  );
  addDeploymentOptions(command, DIRECTORY_SETTINGS);
  command.action((options: DeploymentOptions) => showStatus(directoryFrom(options), output));
}

async function showStatus(directory: Directory, output: Output): Promise<void> {
  const { lease, seed, lastRun: last } = await readSyncState(directory);
  const running = lease !== undefined && lease.expiresAt > Date.now();
  output.line(`Sync: ${running ? 'running' : 'not running'}`);
  if (!seed) output.line('Pool: not seeded yet');
  else {
    const unfinished = seed.completed === seed.target ? '' : ` (seeding, done up to ${seed.cursor})`;
    output.line(`Pool: ${seed.target}${unfinished}`);
  }
  if (!last?.finishedAt) {
    output.line('Last sync with changes: none');
    return;
  }
  output.line(`Last sync with changes: ${last.status}, ${last.finishedAt}`);
  for (const [name, value] of Object.entries(last.counts ?? {})) output.line(`  ${name}: ${value}`);
  if (last.nextToken !== undefined) output.line('The next sync resumes where this one stopped.');
}
