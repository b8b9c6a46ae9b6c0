import { basename, join } from 'node:path';
import { rotateKeys } from '@switchboard/core/contacts/maintenance';
import { rotateOptOuts } from '@switchboard/core/messages/maintenance';
import type { Command } from 'commander';
import type { CliContext, Output } from '#tools/cli/context.ts';
import { createProgress } from '#tools/cli/progress.ts';
import { createFailureFile } from './failure-file.ts';
import { type ContactsTarget, openContactsForWriting } from './open-contacts.ts';
import {
  addScanOptions,
  type ScanOptions,
  STATE_FOLDER,
  scanSettings,
  scanSize,
  statusText,
} from './scan-options.ts';

export function configureRotateKeys(command: Command, context: CliContext): void {
  command.description(
    'Move every contact, index row, and opt-out to the newest key version. The same command resumes an interrupted run.',
  );
  addScanOptions(command);
  command.action(async (options: ScanOptions) => {
    context.exitCode = await rotateContacts(options, context);
  });
}

async function rotateContacts(options: ScanOptions, { output, stopSignal }: CliContext): Promise<number> {
  const signal = stopSignal();
  const deployment = await openContactsForWriting(options, ['messagesTable']);
  const failures = createFailureFile(
    join(STATE_FOLDER, `rotate-keys-${basename(deployment.contacts)}.failed`),
  );
  const progress = createProgress('rotate-keys', 2 * deployment.items.contacts + deployment.items.lookup);
  const describe = ({ rotated, failed }: Readonly<Record<string, number>>) =>
    `${rotated} rotated, ${failed} failed`;
  try {
    const result = await rotateKeys(deployment, {
      ...scanSettings('rotate-keys', options, deployment, signal, progress, describe),
      onStart: failures.begin,
      onFailed: failures.add,
    });
    progress.stop();
    const { rotated, unchanged, failed, remaining, added, removed } = result;
    output.line(
      `${statusText(result)}: ${rotated} contacts rotated to key version ${deployment.keyring.newest}, ` +
        `${unchanged} unchanged, ${failed} failed; the verification added ${added} index rows and removed ${removed}.`,
    );
    if (failed > 0)
      output.line(`The keys of the contacts that failed, with the reasons, are in ${failures.path}.`);
    if (result.status === 'done' && remaining > failed) {
      output.line(
        `${remaining} contacts still have another key version: something still writes with it. Run this command again.`,
      );
    }
    if (result.status === 'stopped') return reportStopped(output);
    const optOuts = await rotateStoredOptOuts(options, deployment, signal, output);
    if (optOuts.status === 'stopped') return reportStopped(output);
    return remaining > 0 || failed > 0 || optOuts.remaining > 0 ? 2 : 0;
  } finally {
    progress.stop();
  }
}

function reportStopped(output: Output): number {
  output.line('To resume, run the same command again.');
  return 1;
}

/** Opt-outs move with the contacts: no version in use would find one that stays. This starts from the beginning each time. */
async function rotateStoredOptOuts(
  options: ScanOptions,
  deployment: ContactsTarget,
  signal: AbortSignal,
  output: Output,
) {
  const messages = process.env.MESSAGES_TABLE ?? '';
  const result = await rotateOptOuts(
    { ...deployment, messages },
    { ...scanSize(options, deployment), signal },
  );
  const { status, rotated, already, failed, remaining } = result;
  output.line(
    `${status === 'done' ? 'Done' : 'Stopped'}: ${rotated} opt-outs rotated, ${already} had the key version already, ${failed} cannot be decrypted.`,
  );
  if (status === 'done' && remaining > failed) {
    output.line(`${remaining} opt-outs still have another key version. Run this command again.`);
  }
  return result;
}
