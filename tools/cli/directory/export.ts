import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { agentExtensionsCsv, type Directory } from '@switchboard/core/agent-sync';
import type { Command } from 'commander';
import type { CliContext, Output } from '#tools/cli/context.ts';
import { addDeploymentOptions, type DeploymentOptions } from '#tools/cli/deployment.ts';
import { DIRECTORY_SETTINGS, directoryFrom } from './options.ts';

export function configureExport(command: Command, { output }: CliContext): void {
  command
    .description('Write agent_extensions.csv: user name, first and last name, extension, and agent ID.')
    .argument('<file>', 'the file to write; - writes to standard output');
  addDeploymentOptions(command, DIRECTORY_SETTINGS);
  command.action(async (file: string, options: DeploymentOptions) => {
    const directory = directoryFrom(options);
    if (file === '-') await pipeline(agentExtensionsCsv(directory), output.stream, { end: false });
    else await exportToFile(directory, file, output);
  });
}

/** Writes the file completely or not at all. It holds the names of agents, so that only its owner may read it. */
async function exportToFile(directory: Directory, file: string, output: Output): Promise<void> {
  const unfinished = `${file}.part`;
  try {
    // A file that an interrupted run left can have another mode, which would stay.
    await rm(unfinished, { force: true });
    const created = createWriteStream(unfinished, { mode: 0o600 });
    await pipeline(Readable.from(agentExtensionsCsv(directory)), created);
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  output.error(`Written to ${file}.`);
}
