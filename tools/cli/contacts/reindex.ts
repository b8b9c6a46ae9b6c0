import { reindex } from '@switchboard/core/contacts/maintenance';
import type { Command } from 'commander';
import type { CliContext } from '#tools/cli/context.ts';
import { createProgress } from '#tools/cli/progress.ts';
import { openContacts } from './open-contacts.ts';
import { addScanOptions, type ScanOptions, scanSettings, statusText } from './scan-options.ts';

interface ReindexOptions extends ScanOptions {
  dryRun?: boolean;
}

export function configureReindex(command: Command, context: CliContext): void {
  command
    .description('Rebuild the lookup index from the contacts. The same command resumes an interrupted run.')
    .option('--dry-run', 'count the rows that are missing or stale, and change nothing');
  addScanOptions(command);
  command.action(async (options: ReindexOptions) => {
    context.exitCode = await reindexContacts(options, context);
  });
}

async function reindexContacts(options: ReindexOptions, { output, stopSignal }: CliContext): Promise<number> {
  const signal = stopSignal();
  const dryRun = options.dryRun === true;
  const deployment = await openContacts(options);
  const progress = createProgress('reindex', deployment.items.contacts + deployment.items.lookup);
  const describe = ({ contacts, added, removed }: Readonly<Record<string, number>>) =>
    `${contacts} contacts, ${added} rows missing, ${removed} stale`;
  const name = dryRun ? 'reindex-dry-run' : 'reindex';
  try {
    const result = await reindex(deployment, {
      ...scanSettings(name, options, deployment, signal, progress, describe),
      dryRun,
    });
    progress.stop();
    const { contacts, added, removed, deferred } = result;
    output.line(
      `${statusText(result)}: ${contacts} contacts seen, ${added} index rows ${dryRun ? 'missing' : 'added'}, ${removed} ${dryRun ? 'stale' : 'removed'}.`,
    );
    if (deferred > 0) {
      output.line(`${deferred} contacts changed during the run; the contact indexer updates their rows.`);
    }
    if (result.status === 'done') return 0;
    output.line('To resume, run the same command again.');
    return 1;
  } finally {
    progress.stop();
  }
}
