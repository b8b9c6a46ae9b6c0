import {
  createSyncLease,
  type Directory,
  parseRanges,
  readSyncState,
  seedPool,
  systemClock,
} from '@switchboard/core/agent-sync';
import type { Command } from 'commander';
import type { CliContext, Output } from '#tools/cli/context.ts';
import { addDeploymentOptions, type DeploymentOptions } from '#tools/cli/deployment.ts';
import { CommandError } from '#tools/cli/errors.ts';
import { createProgress } from '#tools/cli/progress.ts';
import { DIRECTORY_SETTINGS, directoryFrom } from './options.ts';

export function configureSeed(command: Command, { output }: CliContext): void {
  command
    .description(
      'Make the extension pool hold a range, as a sync does before it reads from Connect. The same command resumes ' +
        'an interrupted run. The next sync applies the parameter ExtensionRange again.',
    )
    .argument('<range>', '1000-4999 or 0100-0199,7000-7999');
  addDeploymentOptions(command, DIRECTORY_SETTINGS);
  command.action((range: string, options: DeploymentOptions) =>
    seedRange(directoryFrom(options), range, output),
  );
}

async function seedRange(directory: Directory, range: string, output: Output): Promise<void> {
  const ranges = parseRanges(range);
  const { lease: held, seed: stored } = await readSyncState(directory);
  if (held && held.expiresAt > Date.now()) {
    throw new CommandError('A sync is running. Try again in a minute.');
  }
  const lease = createSyncLease(directory, systemClock);
  const progress = createProgress('seed', ranges.count);
  try {
    const { added, removed, kept } = await seedPool(directory, ranges, stored, lease, {
      progress: (done, total) => progress.update(done, `${done} of ${total} extensions`),
    });
    output.line(`${added} extensions added, ${removed} removed; the pool holds ${ranges.text}.`);
    if (kept.count > 0) {
      const more = kept.count > kept.extensions.length ? ' …' : '';
      output.line(
        `${kept.count} are in use and stay until they are released: ${kept.extensions.join(', ')}${more}`,
      );
    }
  } finally {
    progress.stop();
    await lease.release();
  }
}
