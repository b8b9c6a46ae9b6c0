import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { ConnectSender } from '#core/connect/connect.ts';
import type { Clock } from '#core/platform/clock.ts';

export const INSTANCE_ARN =
  'arn:aws:connect:eu-central-1:111122223333:instance/aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee';

export interface FakeUser {
  id: string;
  username: string;
  firstName: string;
  lastName: string;
  tag?: string;
  unlisted?: string;
}

/** A phone number of the instance, and the flow that answers it. */
export interface FakeNumber {
  number: string;
  flow?: string;
  type?: string;
}

/** The name of the flow that transfers the callers of direct numbers. */
export const DIRECT_FLOW = 'switchboard extension-transfer';

/** A Connect in memory with the operations that a sync uses. */
export interface FakeConnect extends ConnectSender {
  users: Map<string, FakeUser>;
  /** By number. */
  numbers: Map<string, FakeNumber>;
  /** The names of the flows, which are their ids too. */
  flows: Set<string>;
  calls: string[];
  /** Errors to throw, one a call, before anything is answered. */
  failures: Error[];
  /** Users that DescribeUser knows and SearchUsers does not tell of yet. */
  unlisted: Set<string>;
  /** Flows that carry the tags of the one for direct numbers, whatever their names are. */
  tagged: { Id: string }[];
}

/** @param pageSize at most so many entries a page, whatever is asked for */
export function fakeConnect(users: FakeUser[] = [], pageSize = 500): FakeConnect {
  const connect = {
    users: new Map(users.map((user) => [user.id, user])),
    numbers: new Map<string, FakeNumber>(),
    flows: new Set([DIRECT_FLOW, 'switchboard inbound']),
    calls: [] as string[],
    failures: [] as Error[],
    unlisted: new Set<string>(),
    tagged: [] as { Id: string }[],
    async send(command: { constructor: { name: string }; input: Record<string, unknown> }) {
      connect.calls.push(command.constructor.name);
      const failure = connect.failures.shift();
      if (failure) throw failure;
      return answer(command);
    },
  };

  function answer({
    constructor: { name },
    input,
  }: {
    constructor: { name: string };
    input: Record<string, unknown>;
  }) {
    const numbers = [...connect.numbers.values()];
    switch (name) {
      case 'SearchUsersCommand': {
        const listed = [...connect.users.values()].filter(({ id }) => !connect.unlisted.has(id));
        const { entries, next } = page(listed, input);
        return { Users: entries.map(toConnect), ...next };
      }
      case 'ListPhoneNumbersV2Command': {
        const { entries, next } = page(numbers, input);
        return { ListPhoneNumbersSummaryList: entries.map(toListed), ...next };
      }
      case 'ListFlowAssociationsCommand': {
        const { entries, next } = page(
          numbers.filter(({ flow }) => flow),
          input,
        );
        const FlowAssociationSummaryList = entries.map(({ number, flow }) => ({
          ResourceId: toListed({ number }).PhoneNumberArn,
          FlowId: `${INSTANCE_ARN}/contact-flow/${flow}`,
        }));
        return { FlowAssociationSummaryList, ...next };
      }
      case 'SearchContactFlowsCommand':
        return { ContactFlows: connect.tagged };
      case 'ListContactFlowsCommand': {
        const { entries, next } = page([...connect.flows], input);
        return { ContactFlowSummaryList: entries.map((Name) => ({ Id: Name, Name })), ...next };
      }
      default:
        return describe(String(input.UserId));
    }
  }

  function page<Entry>(all: Entry[], { MaxResults, NextToken = '0' }: Record<string, unknown>) {
    if (!/^\d+$/.test(String(NextToken))) throw namedError('InvalidParameterException');
    const start = Number(NextToken);
    const end = start + Math.min(pageSize, Number(MaxResults));
    return { entries: all.slice(start, end), next: end < all.length ? { NextToken: String(end) } : {} };
  }

  function describe(userId: string) {
    const user = connect.users.get(userId);
    if (!user) throw namedError('ResourceNotFoundException');
    return { User: toConnect(user) };
  }

  return connect as unknown as FakeConnect;
}

function toListed({ number, type = 'DID' }: FakeNumber) {
  const PhoneNumberId = `id-${number}`;
  return {
    PhoneNumberId,
    PhoneNumberArn: `arn:aws:connect:eu-central-1:111122223333:phone-number/${PhoneNumberId}`,
    PhoneNumber: number,
    PhoneNumberCountryCode: 'CA',
    PhoneNumberType: type,
  };
}

function toConnect({ id, username, firstName, lastName, tag, unlisted }: FakeUser) {
  return {
    Id: id,
    Arn: `${INSTANCE_ARN}/agent/${id}`,
    Username: username,
    IdentityInfo: { FirstName: firstName, LastName: lastName },
    Tags: {
      ...(tag === undefined ? {} : { 'switchboard:extension': tag }),
      ...(unlisted === undefined ? {} : { 'switchboard:unlisted': unlisted }),
    },
  };
}

export function fakeUser(id: string, change: Partial<FakeUser> = {}): FakeUser {
  return { id, username: `user-${id}`, firstName: 'Jane', lastName: `Roe ${id}`, ...change };
}

export function namedError(name: string, fields: object = {}): Error {
  return Object.assign(new Error(name), { name, ...fields });
}

/** A clock that advances only when a test or a sleep advances it. */
export interface FakeClock extends Clock {
  advance(milliseconds: number): void;
  /** The sleeps, in order. */
  sleeps: number[];
}

export function fakeClock(start = Date.parse('2026-11-01T08:00:00.000Z')): FakeClock {
  let now = start;
  const sleeps: number[] = [];
  return {
    now: () => now,
    sleep: async (milliseconds) => {
      sleeps.push(milliseconds);
      now += milliseconds;
    },
    random: () => 0.5,
    advance: (milliseconds) => {
      now += milliseconds;
    },
    sleeps,
  };
}

/** Every item of a table, by `pk sk`. */
export async function dump(
  client: DynamoDBDocumentClient,
  table: string,
): Promise<Map<string, Record<string, unknown>>> {
  const items = new Map<string, Record<string, unknown>>();
  let from: Record<string, unknown> | undefined;
  do {
    const answer = await client.send(
      new ScanCommand({
        TableName: table,
        ConsistentRead: true,
        ...(from ? { ExclusiveStartKey: from } : {}),
      }),
    );
    for (const item of answer.Items ?? []) items.set(`${item.pk} ${item.sk}`, item);
    from = answer.LastEvaluatedKey;
  } while (from);
  return items;
}

/** Checks every rule that must hold after every write, wherever a run was interrupted. */
export function findDamage(items: Map<string, Record<string, unknown>>): string[] {
  const damage: string[] = [];
  const byAgent = new Map<string, string>();
  for (const [key, item] of items) {
    if (item.sk === 'AGENT') damage.push(...damageOfAgent(key, item, items), ...lostNames(key, item, items));
    if (key.startsWith('NAME#')) damage.push(...damageOfName(key, items));
    if (item.sk === 'RESERVATION') damage.push(...damageOfReservation(key, item, items));
    if (item.sk !== 'NUMBER') continue;
    damage.push(...damageOfNumber(key, item, items));
    if (item.state !== 'ASSIGNED') continue;
    const agent = `${item.pool} ${item.agentId}`;
    const other = byAgent.get(agent);
    if (other) damage.push(`${key} and ${other} have the same agent`);
    byAgent.set(agent, key);
  }
  return damage;
}

type Item = Record<string, unknown>;

function damageOfAgent(key: string, item: Item, items: Map<string, Item>): string[] {
  return [...damageOfExtension(key, item, items), ...damageOfDirectNumber(key, item, items)];
}

function damageOfExtension(key: string, item: Item, items: Map<string, Item>): string[] {
  if (item.extension === undefined) {
    return item.gsi1pk === 'WAITING' && item.gsi1sk === `${item.waitingSince}#${item.username}`
      ? []
      : [`${key} has no extension and is not on the waiting list`];
  }
  const fine =
    reaches(items.get(`NUMBER#${item.extension} NUMBER`), item) &&
    item.waitingSince === undefined &&
    item.gsi1pk === 'AGENT' &&
    item.gsi1sk === item.username;
  return fine ? [] : [`${key} and its number ${item.extension} disagree`];
}

function damageOfDirectNumber(key: string, item: Item, items: Map<string, Item>): string[] {
  if (item.directNumber === undefined) return [];
  const fine = reaches(items.get(`NUMBER#${item.directNumber} NUMBER`), item);
  return fine ? [] : [`${key} and its number ${item.directNumber} disagree`];
}

function reaches(number: Item | undefined, agent: Item): boolean {
  const same = ['agentId', 'username', 'firstName', 'lastName'].every(
    (name) => number?.[name] === agent[name],
  );
  return same && number?.state === 'ASSIGNED' && number.agentArn === agent.arn;
}

/** An agent with an extension has a row for each of its spellings. */
function lostNames(key: string, { agentId, extension, spellings }: Item, items: Map<string, Item>): string[] {
  if (extension === undefined) return [];
  const rows = (spellings as string[]).map((keys) => `NAME#${keys.slice(0, 3)} ${keys}#${agentId}`);
  return rows.filter((row) => !items.has(row)).map((row) => `${key} lacks ${row}`);
}

/** No other agent has a row. */
function damageOfName(key: string, items: Map<string, Item>): string[] {
  const [, prefix, keys, agentId] = /^NAME#(\d+) (\d+)#(.+)$/.exec(key) ?? [];
  const agent = items.get(`AGENT#${agentId} AGENT`);
  const spelled = (agent?.spellings as string[] | undefined)?.includes(String(keys));
  return spelled && agent?.extension !== undefined && keys?.slice(0, 3) === prefix
    ? []
    : [`${key} names an agent without this spelling`];
}

function damageOfNumber(key: string, item: Item, items: Map<string, Item>): string[] {
  const number = String(item.pk).slice('NUMBER#'.length);
  const { state, pool, dueAt, agentId, gsi1pk, gsi1sk } = item;
  const isDue = gsi1pk === 'DUE' && gsi1sk === `${dueAt}#${number}`;
  const isListed = gsi1pk === `${state}#${pool}` && gsi1sk === number && dueAt === undefined;
  const hasOnlyOwnAttributes =
    (agentId !== undefined) === (state === 'ASSIGNED') &&
    (item.username !== undefined) === (state === 'ASSIGNED') &&
    (item.reason !== undefined) === (state === 'BLOCKED') &&
    (item.reservationId !== undefined) === (state === 'RESERVED');
  const isFine = () => {
    switch (state) {
      case 'UNUSED':
      case 'BLOCKED':
        return isListed;
      case 'QUARANTINED':
        return isDue;
      case 'RESERVED':
        return isDue && holds(items.get(`RESERVATION#${item.reservationId} RESERVATION`), number, dueAt);
      case 'ASSIGNED': {
        const owner = items.get(`AGENT#${agentId} AGENT`);
        return isListed && (pool === 'direct' ? owner?.directNumber : owner?.extension) === number;
      }
      default:
        return false;
    }
  };
  return hasOnlyOwnAttributes && isFine() ? [] : [`${key} is ${state} and inconsistent`];
}

/** A reservation holds its numbers until its time, or until one of them is chosen. */
function holds(reservation: Item | undefined, number: string, dueAt: unknown): boolean {
  const { chosen, expiresAt, numbers } = reservation ?? {};
  return (
    chosen === undefined &&
    expiresAt === dueAt &&
    (numbers as string[] | undefined)?.includes(number) === true
  );
}

function damageOfReservation(
  key: string,
  { chosen, userId, numbers }: Item,
  items: Map<string, Item>,
): string[] {
  const known = (numbers as string[]).every((number) => /^\+?\d+$/.test(number));
  const whole = (chosen === undefined) === (userId === undefined);
  if (!known || !whole) return [`${key} is written in a wrong way`];
  const refId = key.slice('RESERVATION#'.length, key.indexOf(' '));
  const kept = [...items.values()].filter(({ reservationId }) => reservationId === refId);
  return chosen !== undefined && kept.length > 0 ? [`${key} is used and still holds numbers`] : [];
}
