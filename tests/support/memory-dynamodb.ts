import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { namedError } from './directory.ts';

type Item = Record<string, unknown>;
type Input = Record<string, unknown>;
type BatchedWrite = { PutRequest: Input } | { DeleteRequest: Input };

/**
 * As much of DynamoDB as contacts, directory and messages use, in memory: conditions, transactions and an index that is
 * behind. It makes thousands of runs affordable; the same property runs on the real engine too, which keeps it honest.
 */
export interface MemoryDynamoDb {
  client: DynamoDBDocumentClient;
  items: Map<string, Item>;
  /** What a read that may be behind sees. */
  replica: Map<string, Item>;
  /** How likely the index, and a read that may be behind, learns of one more write before. 1: they never are. */
  catchUp: number;
  /** Whether reads of single items that do not ask for consistency may be behind too. */
  itemsBehind: boolean;
  writes: number;
}

/** @param random decides how far the index is behind; @param written is called after every write */
export function memoryDynamoDb(random: () => number, written: () => void = () => {}): MemoryDynamoDb {
  const index = new Map<string, Item>();
  const replica = new Map<string, Item>();
  const behind: [string, Item | undefined][] = [];
  const db: MemoryDynamoDb = {
    client: { send } as unknown as DynamoDBDocumentClient,
    items: new Map(),
    replica,
    catchUp: 1,
    itemsBehind: false,
    writes: 0,
  };

  async function send(command: { constructor: { name: string }; input: Input }): Promise<object> {
    // Others may come first.
    for (let turns = Math.floor(random() * 4); turns >= 0; turns -= 1) await Promise.resolve();
    const { input } = command;
    switch (command.constructor.name) {
      case 'GetCommand':
        return { Item: itemsFor(input).get(keyOf(input.Key as Item)) };
      case 'BatchGetCommand':
        return batchGet(input.RequestItems as Record<string, { Keys: Item[]; ConsistentRead?: boolean }>);
      case 'BatchWriteCommand':
        return batchWrite(input.RequestItems as Record<string, BatchedWrite[]>);
      case 'QueryCommand':
        return query(input);
      case 'PutCommand':
        return single({ Put: input });
      case 'UpdateCommand':
        return single({ Update: input });
      case 'DeleteCommand':
        return single({ Delete: input });
      case 'TransactWriteCommand':
        return transact(input.TransactItems as Record<string, Input>[]);
      default:
        throw new Error(`No ${command.constructor.name} here.`);
    }
  }

  function batchWrite(tables: Record<string, BatchedWrite[]>): object {
    for (const write of Object.values(tables).flat()) {
      apply('PutRequest' in write ? { Put: write.PutRequest } : { Delete: write.DeleteRequest });
    }
    written();
    return {};
  }

  function single(action: Record<string, Input>): object {
    const [input = {}] = Object.values(action);
    const key = keyOf((input.Key ?? input.Item) as Item);
    const before = db.items.get(key);
    if (!holds(action)) {
      const asked = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && before;
      throw namedError('ConditionalCheckFailedException', asked ? { Item: marshalled(asked) } : {});
    }
    apply(action);
    written();
    if (input.ReturnValues === 'ALL_OLD') return { Attributes: before };
    return input.ReturnValues === 'UPDATED_NEW' ? { Attributes: { ...db.items.get(key) } } : {};
  }

  function transact(actions: Record<string, Input>[]): object {
    const reasons = actions.map((action) => ({ Code: holds(action) ? 'None' : 'ConditionalCheckFailed' }));
    if (reasons.some(({ Code }) => Code !== 'None')) {
      throw namedError('TransactionCanceledException', { CancellationReasons: reasons });
    }
    for (const action of actions) apply(action);
    written();
    return {};
  }

  function holds(action: Record<string, Input>): boolean {
    const [input = {}] = Object.values(action);
    if (input.ConditionExpression === undefined) return true;
    return evaluate(input, db.items.get(keyOf((input.Key ?? input.Item) as Item)));
  }

  function apply(action: Record<string, Input>): void {
    const [[kind, input] = ['', {}]] = Object.entries(action);
    if (kind === 'ConditionCheck') return;
    const key = keyOf((input.Key ?? input.Item) as Item);
    if (kind === 'Delete') db.items.delete(key);
    else if (kind === 'Put') db.items.set(key, { ...(input.Item as Item) });
    else db.items.set(key, update(input, db.items.get(key)));
    db.writes += 1;
    behind.push([key, db.items.get(key)]);
  }

  function batchGet(requests: Record<string, { Keys: Item[]; ConsistentRead?: boolean }>): object {
    const Responses = Object.entries(requests).map(([table, request]) => {
      const rows = itemsFor(request);
      return [table, request.Keys.flatMap((key) => rows.get(keyOf(key)) ?? [])];
    });
    return { Responses: Object.fromEntries(Responses) };
  }

  function queryTable(input: Input): object {
    const {
      ':hash': hash,
      ':pk': pk = hash,
      ':keys': keys = '',
      ...range
    } = input.ExpressionAttributeValues as Item;
    const { ':from': from = '', ':upTo': upTo = '\uffff' } = range;
    const start = input.ExclusiveStartKey as Item | undefined;
    // What a filter would leave out is given too: whoever filters has to bear it.
    const rows = [...rowsFor(input).values()]
      .filter((item) => item.pk === pk && String(item.sk).startsWith(String(keys)))
      .filter(({ sk }) => String(from) <= String(sk) && String(sk) <= String(upTo))
      .filter((item) => start === undefined || keyOf(item) > keyOf(start))
      .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    const page = input.Limit === undefined ? rows : rows.slice(0, Number(input.Limit));
    return { Items: page, ...(page.length < rows.length ? { LastEvaluatedKey: page.at(-1) } : {}) };
  }

  function query(input: Input): object {
    const values = input.ExpressionAttributeValues as Item;
    const { ':partition': partition, ':from': from = '', ':upTo': upTo = '\uffff' } = values;
    if (partition === undefined) return queryTable(input);
    catchUp();
    const rows = [...index.values()]
      .filter(
        (item) => item.gsi1pk === partition && String(from) <= place(item) && place(item) <= String(upTo),
      )
      .toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
    const backwards = input.ScanIndexForward === false;
    if (backwards) rows.reverse();
    const start = input.ExclusiveStartKey as Item | undefined;
    const rest = start
      ? rows.filter((item) => (backwards ? order(item) < order(start) : order(item) > order(start)))
      : rows;
    const page = rest.slice(0, Number(input.Limit ?? 3));
    const last = page.at(-1);
    return {
      Items: page,
      Count: page.length,
      ...(page.length < rest.length ? { LastEvaluatedKey: last } : {}),
    };
  }

  /** What a read sees, which is behind unless it asks not to be. */
  function rowsFor({ ConsistentRead }: { ConsistentRead?: unknown }): Map<string, Item> {
    if (ConsistentRead === true) return db.items;
    catchUp();
    return replica;
  }

  function itemsFor(read: { ConsistentRead?: unknown }): Map<string, Item> {
    return db.itemsBehind ? rowsFor(read) : db.items;
  }

  function catchUp(): void {
    while (behind.length > 0 && random() < db.catchUp) learn();
  }

  function learn(): void {
    const [key, item] = behind.shift() ?? ['', undefined];
    if (item) replica.set(key, item);
    else replica.delete(key);
    if (item?.gsi1pk === undefined) index.delete(key);
    else index.set(key, item);
  }

  return db;
}

function place(item: Item): string {
  return String(item.gsi1sk);
}

function order(item: Item): string {
  return `${place(item)}\u0000${keyOf(item)}`;
}

/** IdempotencyTable has a key of one attribute. */
function keyOf({ pk, sk, id }: Item): string {
  return pk === undefined ? String(id) : `${pk} ${sk}`;
}

/** As an error has it that nobody has unmarshalled. */
function marshalled(item: Item): Item {
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => [
      name,
      typeof value === 'number' ? { N: String(value) } : { S: value },
    ]),
  );
}

/** `a = :b AND …`, `OR`, `<`, `<=`, `>=`, `attribute_not_exists(a)`; no brackets. */
function evaluate(input: Input, item: Item | undefined): boolean {
  return String(input.ConditionExpression)
    .split(' OR ')
    .some((part) => part.split(' AND ').every((term) => evaluateTerm(term.trim(), input, item)));
}

function evaluateTerm(term: string, input: Input, item: Item | undefined): boolean {
  const absent = /^attribute_not_exists\((\S+)\)$/.exec(term)?.[1];
  if (absent) return item?.[nameOf(absent, input)] === undefined;
  const [, name = '', operator, value = ''] = /^(\S+) (=|<|<=|>=) (\S+)$/.exec(term) ?? [];
  if (!operator) throw new Error(`Cannot read the condition ${term}.`);
  const actual = item?.[nameOf(name, input)];
  const expected = (input.ExpressionAttributeValues as Item)[value];
  if (expected === undefined) throw new Error(`${value} has no value.`);
  if (operator === '=') return actual === expected;
  if (operator === '>=') return actual !== undefined && (actual as number) >= (expected as number);
  if (operator === '<') return actual !== undefined && (actual as number) < (expected as number);
  return actual !== undefined && (actual as number) <= (expected as number);
}

function update(input: Input, item: Item | undefined): Item {
  const result: Item = { ...(input.Key as Item), ...item };
  const values = (input.ExpressionAttributeValues ?? {}) as Item;
  const { SET, REMOVE, ADD } = clausesOf(String(input.UpdateExpression));
  for (const assignment of SET?.split(/, (?![^(]*\))/) ?? []) {
    const [name = '', value = ''] = assignment.split(' = ');
    const [, first, initial, added = first, term = value] =
      /^(?:if_not_exists\((\S+), (\S+)\)|(\S+)) \+ (\S+)$/.exec(value.trim()) ?? [];
    const given = values[term.trim()];
    if (given === undefined) throw new Error(`${term} has no value.`);
    const absent = initial && values[initial];
    const to = added === undefined ? undefined : Number(result[nameOf(added, input)] ?? absent);
    result[nameOf(name, input)] = to === undefined ? given : to + Number(given);
  }
  for (const name of REMOVE?.split(', ') ?? []) delete result[nameOf(name, input)];
  for (const addition of ADD?.split(', ') ?? []) {
    const [name = '', value = ''] = addition.split(' ');
    const attribute = nameOf(name, input);
    result[attribute] = Number(result[attribute] ?? 0) + Number(values[value]);
  }
  return result;
}

function clausesOf(expression: string): Partial<Record<'SET' | 'REMOVE' | 'ADD', string>> {
  const parts = expression.split(/(?:^| )(SET|REMOVE|ADD) /).slice(1);
  return Object.fromEntries(
    parts.flatMap((part, index) => (index % 2 === 0 ? [[part, parts[index + 1] ?? '']] : [])),
  );
}

function nameOf(name: string, input: Input): string {
  return name.startsWith('#') ? String((input.ExpressionAttributeNames as Item)[name]) : name;
}
