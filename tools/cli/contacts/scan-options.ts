import { basename, join } from 'node:path';
import type { Checkpoint } from '@switchboard/core/platform/jobs/resumable-job';
import type { ScanJobOptions } from '@switchboard/core/platform/jobs/table-scan';
import type { Command } from 'commander';
import { addDeploymentOptions, type DeploymentOptions, isLocal } from '#tools/cli/deployment.ts';
import { addParsedOption, wholeNumber } from '#tools/cli/options.ts';
import type { Progress } from '#tools/cli/progress.ts';
import { createCheckpointFile } from './checkpoint-file.ts';
import { CONTACTS_SETTINGS, type ContactsTarget, deploymentId } from './open-contacts.ts';

/** The folder of the checkpoints and failure files, in the folder where the command runs. */
export const STATE_FOLDER = '.switchboard';

const LOCAL_SEGMENTS = 1;
const AWS_SEGMENTS = 16;

/** The options of a command that reads whole tables. */
export interface ScanOptions extends DeploymentOptions {
  segments?: number;
  concurrency: number;
  maxWritesPerSecond?: number;
  fresh?: boolean;
}

export function addScanOptions(command: Command): void {
  const segments = `parts in which the tables are read (default: ${AWS_SEGMENTS}; ${LOCAL_SEGMENTS} on this machine)`;
  addParsedOption(command, '--segments <n>', segments, wholeNumber(10_000));
  addParsedOption(command, '--concurrency <n>', 'parts that are read at once', wholeNumber(64), 4);
  addParsedOption(
    command,
    '--max-writes-per-second <n>',
    'limit on writes (default: none)',
    wholeNumber(1_000_000),
  );
  command.option('--fresh', 'start from the beginning, and ignore the checkpoint of an earlier run');
  addDeploymentOptions(command, CONTACTS_SETTINGS);
}

/** @param name of the checkpoint */
export function scanSettings(
  name: string,
  options: ScanOptions,
  deployment: ContactsTarget,
  signal: AbortSignal,
  progress: Progress,
  describeCounts: (counts: Readonly<Record<string, number>>) => string,
): ScanJobOptions {
  return {
    ...scanSize(options, deployment),
    maxWritesPerSecond: options.maxWritesPerSecond,
    fresh: options.fresh === true,
    checkpoint: checkpointOf(name, deployment),
    signal,
    onProgress: (scanned, counts) => progress.update(scanned, describeCounts(counts)),
  };
}

export function scanSize({ segments, concurrency }: ScanOptions, { endpoint }: ContactsTarget) {
  // The embedded engine reads a table as a whole. It has no use for segments, and gets them wrong.
  return {
    segments: segments ?? (isLocal(endpoint) ? LOCAL_SEGMENTS : AWS_SEGMENTS),
    parallel: concurrency,
  };
}

function checkpointOf(name: string, deployment: ContactsTarget): Checkpoint {
  const file = `${name}-${basename(deployment.contacts)}.json`;
  return createCheckpointFile(join(STATE_FOLDER, file), deploymentId(deployment));
}

/** `Done (resumed)` */
export function statusText({ status, resumed }: { status: 'done' | 'stopped'; resumed: boolean }): string {
  return `${status === 'done' ? 'Done' : 'Stopped'}${resumed ? ' (resumed an interrupted run)' : ''}`;
}
