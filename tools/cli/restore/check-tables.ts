import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { CommandError } from '#tools/cli/errors.ts';

/** One request shows the kinds of items of a table, because they are spread evenly. */
const SAMPLE_SIZE = 1_000;
/** The names that CloudFormation and `npm start` give to tables. */
const OWN_TABLE = /(^|-)(Contacts|Directory|Idempotency|Lookup|Messages)Table(-[A-Z0-9]{8,})?$/;
/** The key of an index row is a hash. Other keys without `#` are single words. */
const MAX_WORD_LENGTH = 20;

/**
 * Refuses a restore that would fill a table with items of another kind.
 *
 * @param allowEmpty accept an empty source, which deletes every item of the target
 * @throws {CommandError}
 */
export async function checkTables(
  client: DynamoDBClient,
  { source, target, allowEmpty }: { source: string; target: string; allowEmpty: boolean },
): Promise<void> {
  if (source === target) throw new CommandError('--from and --to are the same table.');
  if (OWN_TABLE.test(source)) {
    throw new CommandError(
      `${source} has the name of a table of the stack. Set --from to the restored copy, and --to to the table of the stack.`,
    );
  }
  const [from, to] = [await kindsOf(client, source), await kindsOf(client, target)];
  if (from.size === 0 && !allowEmpty) {
    throw new CommandError(
      `${source} is empty: every item of ${target} would be deleted. To do that, add --from-empty.`,
    );
  }
  if (from.size > 0 && to.size > 0 && from.isDisjointFrom(to)) {
    throw new CommandError(
      `The tables hold different kinds of items: ${source} has ${list(from)}, ${target} has ${list(to)}. Nothing was written.`,
    );
  }
}

/** The partition keys up to `#`. The rest is left out, because it is an ID. */
async function kindsOf(client: DynamoDBClient, TableName: string): Promise<Set<string>> {
  const { Items = [] } = await client.send(
    new ScanCommand({ TableName, Limit: SAMPLE_SIZE, ProjectionExpression: 'pk, id', ConsistentRead: true }),
  );
  return new Set(Items.map(({ pk, id }) => kindOf(pk?.S ?? id?.S ?? '')));
}

function kindOf(pk: string): string {
  const [kind = '', id] = pk.split('#', 2);
  return id === undefined && kind.length > MAX_WORD_LENGTH ? 'hashes' : kind;
}

function list(kinds: Set<string>): string {
  return [...kinds].sort().slice(0, 5).join(', ');
}
