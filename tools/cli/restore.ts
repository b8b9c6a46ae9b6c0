import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Command } from 'commander';
import type { CliContext, Output } from './context.ts';
import { addDeploymentOptions, type DeploymentOptions, resolveDeployment } from './deployment.ts';
import { checkTables } from './restore/check-tables.ts';
import { syncTables } from './restore/sync-tables.ts';

const HELP = `
The command writes the items that are missing or different, and deletes the items that the copy does not have.
Without --apply, it only counts them. Read "Restore" in docs/operations.md first.
It refuses tables that do not hold the same kinds of items, a table of the stack as --from, and an empty --from.`;

interface RestoreOptions extends DeploymentOptions {
  from: string;
  to: string;
  apply?: boolean;
  fromEmpty?: boolean;
}

export function configureRestore(command: Command, { output }: CliContext): void {
  command
    .requiredOption('--from <table>', 'the restored copy, from point-in-time recovery')
    .requiredOption('--to <table>', 'the table of the stack, from its outputs')
    .option('--apply', 'write the changes')
    .option('--from-empty', 'accept an empty copy, and delete every item of --to')
    .addHelpText('after', HELP);
  addDeploymentOptions(command, ['dynamodbEndpoint', 'region']);
  command.action(async (options: RestoreOptions) => {
    resolveDeployment(options, []);
    await restore(options, output);
  });
}

async function restore(
  { from, to, apply = false, fromEmpty = false }: RestoreOptions,
  output: Output,
): Promise<void> {
  const client = new DynamoDBClient({});
  try {
    await checkTables(client, { source: from, target: to, allowEmpty: fromEmpty });
    const { items, written, deleted } = await syncTables(client, { source: from, target: to, apply });
    const would = apply ? '' : 'would be ';
    output.line(
      `${items} items in ${from}: ${written} ${would}written, ${deleted} ${would}deleted in ${to}.`,
    );
  } finally {
    client.destroy();
  }
}
