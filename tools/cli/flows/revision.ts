import { computeFlowRevision } from '@switchboard/core/flows';
import type { Command } from 'commander';
import type { CliContext } from '#tools/cli/context.ts';

export function configureRevision(command: Command, { output }: CliContext): void {
  command
    .description(
      'Print the revision of the flows and prompts. A stack has its own in the output FlowsRevision.',
    )
    .action(() => output.line(computeFlowRevision()));
}
