import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { UsageError } from '#tools/cli/shared/usage.ts';

/** One request tells what kinds of items a table has: they are spread evenly. */
const SAMPLE = 1_000;
/** As CloudFormation names the tables of a stack, and `npm start` its own. */
const OWN_TABLE = /(^|-)(Contacts|Directory|Idempotency|Lookup|Messages)Table(-[A-Z0-9]{8,})?$/;
/** An index row begins with a hash; the others without `#` are single words. */
const LONGEST_WORD = 20;

/**
 * Holds back a restore that would make a table hold something else than it is for.
 *
 * @param mayBeEmpty an empty source is meant, and all of the target is to go
 * @throws {UsageError} says what is wrong with the tables
 */
export async function checkTables(
  client: DynamoDBClient,
  { source, target, mayBeEmpty }: { source: string; target: string; mayBeEmpty: boolean },
): Promise<void> {
  if (source === target) throw new UsageError('--from and --to are the same table.');
  if (OWN_TABLE.test(source)) {
    throw new UsageError(
      `${source} has the name of a stack's own table. --from is the restored copy, --to the table of the stack.`,
    );
  }
  const [from, to] = [await kindsOf(client, source), await kindsOf(client, target)];
  if (from.size === 0 && !mayBeEmpty) {
    throw new UsageError(
      `${source} is empty: all of ${target} would be deleted. When that is meant, add --from-empty.`,
    );
  }
  if (from.size > 0 && to.size > 0 && from.isDisjointFrom(to)) {
    throw new UsageError(
      `The tables do not hold the same: ${source} has ${list(from)}, ${target} has ${list(to)}. Nothing was written.`,
    );
  }
}

/** What the partition keys begin with, up to `#`; never more of them, because the rest is an id. */
async function kindsOf(client: DynamoDBClient, TableName: string): Promise<Set<string>> {
  const { Items = [] } = await client.send(
    new ScanCommand({ TableName, Limit: SAMPLE, ProjectionExpression: 'pk, id', ConsistentRead: true }),
  );
  return new Set(Items.map(({ pk, id }) => kindOf(pk?.S ?? id?.S ?? '')));
}

function kindOf(pk: string): string {
  const [kind = '', id] = pk.split('#', 2);
  return id === undefined && kind.length > LONGEST_WORD ? 'hashes' : kind;
}

function list(kinds: Set<string>): string {
  return [...kinds].sort().slice(0, 5).join(', ');
}
