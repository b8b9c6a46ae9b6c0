import { basename, join } from 'node:path';
import { reindex, rotateKeys } from '@switchboard/core/contacts/maintenance';
import { rotateOptOuts } from '@switchboard/core/messages/maintenance';
import { readEnv } from '@switchboard/core/platform/env';
import type { Checkpoint } from '@switchboard/core/platform/jobs/resumable-job';
import type { ScanJobOptions } from '@switchboard/core/platform/jobs/table-scan';
import type { Output } from '#tools/cli/shared/output.ts';
import { createProgress, type Progress } from '#tools/cli/shared/progress.ts';
import { isLocal } from '#tools/cli/shared/target.ts';
import { checkpointFile } from './checkpoint-file.ts';
import { openTarget, openWritableTarget, type Target, targetId } from './deployment.ts';
import { failureFile } from './failure-file.ts';
import type { SweepCommand } from './flags.ts';

/** Where these commands keep what they need to go on. */
const FOLDER = '.switchboard';

/** `npm run contacts -- reindex` */
export async function reindexCommand(
  command: SweepCommand,
  output: Output,
  signal: AbortSignal,
): Promise<number> {
  const target = await openTarget(command.target);
  const progress = createProgress('reindex', target.items.contacts + target.items.lookup);
  try {
    const result = await reindex(target, {
      ...settings(
        command,
        target,
        signal,
        progress,
        ({ contacts, added, removed }) => `${contacts} contacts, ${added} rows missing, ${removed} stale`,
      ),
      dryRun: command.dryRun,
    });
    progress.stop();
    const { contacts, added, removed, deferred } = result;
    const found = command.dryRun ? 'missing' : 'added';
    const stale = command.dryRun ? 'stale' : 'removed';
    output.line(
      `${head(result)}: ${contacts} contacts seen, ${added} index rows ${found}, ${removed} ${stale}.`,
    );
    if (deferred > 0) output.line(`${deferred} contacts kept changing; the indexer updates their rows.`);
    return end(result.status, false, output);
  } finally {
    progress.stop();
  }
}

/** `npm run contacts -- rotate-keys` */
export async function rotateCommand(
  command: SweepCommand,
  output: Output,
  signal: AbortSignal,
): Promise<number> {
  const target = await openWritableTarget(command.target, ['MESSAGES_TABLE']);
  const failures = failureFile(join(FOLDER, `rotate-keys-${basename(target.contacts)}.failed`));
  const progress = createProgress('rotate-keys', 2 * target.items.contacts + target.items.lookup);
  try {
    const result = await rotateKeys(target, {
      ...settings(
        command,
        target,
        signal,
        progress,
        ({ rotated, failed }) => `${rotated} rotated, ${failed} failed`,
      ),
      onStart: failures.begin,
      onFailed: failures.add,
    });
    progress.stop();
    const { rotated, unchanged, failed, remaining, added, removed } = result;
    output.line(
      `${head(result)}: ${rotated} contacts rotated to key version ${target.keyring.newest}, ${unchanged} unchanged, ${failed} failed; ` +
        `${added} index rows added and ${removed} removed by the verification.`,
    );
    if (failed > 0)
      output.line(`The keys of the contacts that failed, with the reasons, are in ${failures.path}.`);
    if (result.status === 'done' && remaining > failed) {
      output.line(
        `${remaining} contacts are still on another key version: somebody writes with it. Run this again.`,
      );
    }
    if (result.status === 'stopped') return end('stopped', false, output);
    const optOuts = await rotateOptOutsOf(command, target, signal, output);
    return end(optOuts.status, remaining > 0 || failed > 0 || optOuts.remaining > 0, output);
  } finally {
    progress.stop();
  }
}

/** Opt-outs move with the contacts: one that no version in use finds would be forgotten. Begins at the top each time. */
async function rotateOptOutsOf(command: SweepCommand, target: Target, signal: AbortSignal, output: Output) {
  const messages = readEnv('MESSAGES_TABLE').MESSAGES_TABLE;
  const { segments, parallel } = sweepSizes(command, target);
  const result = await rotateOptOuts({ ...target, messages }, { segments, parallel, signal });
  const { status, rotated, already, failed, remaining } = result;
  output.line(
    `${status === 'done' ? 'Done' : 'Stopped'}: ${rotated} opt-outs rotated, ${already} were there already, ${failed} cannot be opened.`,
  );
  if (status === 'done' && remaining > failed)
    output.line(`${remaining} opt-outs are still on another key version: run this again.`);
  return result;
}

function settings(
  command: SweepCommand,
  target: Target,
  signal: AbortSignal,
  progress: Progress,
  words: (counts: Readonly<Record<string, number>>) => string,
): ScanJobOptions {
  return {
    ...sweepSizes(command, target),
    maxWritesPerSecond: command.maxWritesPerSecond,
    fresh: command.fresh,
    checkpoint: stateOf(command, target),
    signal,
    onProgress: (scanned, counts) => progress.update(scanned, words(counts)),
  };
}

function sweepSizes({ segments, parallel }: SweepCommand, { endpoint }: Target) {
  // The embedded engine reads a table in one go: it has no use for segments, and gets them wrong.
  return { segments: segments ?? (isLocal(endpoint) ? 1 : 16), parallel };
}

function stateOf(command: SweepCommand, target: Target): Checkpoint {
  const name = `${command.name}${command.dryRun ? '-dry-run' : ''}-${basename(target.contacts)}.json`;
  return checkpointFile(join(FOLDER, name), targetId(target));
}

function head({ status, resumed }: { status: 'done' | 'stopped'; resumed: boolean }): string {
  return `${status === 'done' ? 'Done' : 'Stopped'}${resumed ? ' (went on with an interrupted run)' : ''}`;
}

function end(status: 'done' | 'stopped', leftOut: boolean, output: Output): number {
  if (status === 'done') return leftOut ? 2 : 0;
  output.line('The same command goes on from here.');
  return 1;
}
