import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { explain } from '#tools/cli/shared/explain.ts';
import { type Output, terminal } from '#tools/cli/shared/output.ts';
import { settleEnvironment } from '#tools/cli/shared/target.ts';
import { UsageError } from '#tools/cli/shared/usage.ts';
import { checkTables } from './check-tables.ts';
import { makeAlike } from './sync-tables.ts';

const HELP = `Usage: npm run restore -- --from RESTORED --to TABLE [--apply]

Makes a table of the stack hold what a restored copy of it holds: writes what is missing or different, deletes what
the copy does not have. Without --apply it only counts. See "Restore" in docs/operations.md first.
Refused are tables that do not hold the same kinds of items, a table of the stack as --from, and an empty --from.

  --from NAME      the table that point-in-time recovery made
  --to NAME        the table of the stack; the outputs of the stack name it
  --apply          write
  --from-empty     the restored copy is empty, and --to is to be emptied
  --region NAME    AWS_REGION                  eu-central-1
  --endpoint URL   AWS_ENDPOINT_URL_DYNAMODB   http://127.0.0.1:8000
The values of npm start are used only when the endpoint is on this machine. For AWS itself give --region.
`;

const OPTIONS = {
  from: { type: 'string' },
  to: { type: 'string' },
  apply: { type: 'boolean', default: false },
  'from-empty': { type: 'boolean', default: false },
  region: { type: 'string' },
  endpoint: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const VARIABLES = { endpoint: 'AWS_ENDPOINT_URL_DYNAMODB', region: 'AWS_REGION' };

/** Runs the command and returns the exit code. */
export async function runRestore(argv: string[], output: Output = terminal): Promise<number> {
  try {
    const { from, to, apply, help, 'from-empty': mayBeEmpty, ...target } = flagsOf(argv);
    if (help || argv.length === 0) {
      output.line(HELP);
      return help ? 0 : 1;
    }
    if (from === undefined || to === undefined)
      throw new UsageError('Say --from which table and --to which.');
    settleEnvironment(process.env, target, VARIABLES, {});
    const { items, written, deleted } = await restore({ source: from, target: to, apply, mayBeEmpty });
    const done = apply ? ['written', 'deleted'] : ['would be written', 'would be deleted'];
    output.line(`${items} items in ${from}: ${written} ${done[0]}, ${deleted} ${done[1]} in ${to}.`);
    return 0;
  } catch (error) {
    output.error(explain(error, 'restore', ({ name }) => OWN[name]));
    return 1;
  }
}

async function restore(tables: { source: string; target: string; apply: boolean; mayBeEmpty: boolean }) {
  const client = new DynamoDBClient({});
  try {
    await checkTables(client, tables);
    return await makeAlike(client, tables);
  } finally {
    client.destroy();
  }
}

const OWN: Record<string, string> = {
  ResourceNotFoundException: 'There is no such table in this Region. --from and --to name others.',
};

function flagsOf(argv: string[]) {
  try {
    return parseArgs({ args: argv, options: OPTIONS }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
