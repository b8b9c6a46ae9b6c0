import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { numberItem } from '#core/directory/numbers.ts';
import { expireNumbers } from '#core/phonebook/expire-numbers.ts';
import { createPhonebook, type Phonebook, type Reservation } from '#core/phonebook/index.ts';
import { chunks } from '#core/platform/chunks.ts';
import { SwitchboardError } from '#core/platform/errors.ts';
import { chaoticClient, Killed, seededRandom } from '#support/chaos.ts';
import { dump, type FakeClock, fakeClock, findDamage } from '#support/directory.ts';
import { agentWith, DAY, directNumbers, MINUTE, unused } from '#support/phonebook.ts';
import { PROPERTY_TIMEOUT_MS, testSeed } from '#support/property.ts';
import { freshTables } from '#support/tables.ts';

jest.setTimeout(PROPERTY_TIMEOUT_MS);

const CLIENTS = 200;
const USERS = 150;
const ROUNDS = process.env.SWITCHBOARD_LONG ? 25 : 1;
const QUARANTINE_DAYS = 1;

let connection: DynamoDBClient;
let client: DynamoDBDocumentClient;
let table: string;
let clock: FakeClock;
let random: () => number;
let outcomes: Record<string, number>;

afterEach(() => connection.destroy());

async function prepare(pool: number, seed: number): Promise<void> {
  const { directory, endpoint } = await freshTables();
  table = directory;
  // A connection for each client, so that clients do not wait for each other.
  const requestHandler = { httpAgent: { keepAlive: true, maxSockets: CLIENTS } };
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  connection = new DynamoDBClient({ endpoint, region: 'eu-central-1', credentials, requestHandler });
  client = DynamoDBDocumentClient.from(connection);
  random = seededRandom(seed);
  clock = { ...fakeClock(), random };
  outcomes = {};
  const users = Array.from({ length: USERS }, (_, position) => agentWith(`a${position}`)).flat();
  for (const items of chunks([...directNumbers(pool).map(unused).map(numberItem), ...users], 25)) {
    const RequestItems = { [table]: items.map((Item) => ({ PutRequest: { Item } })) };
    await client.send(new BatchWriteCommand({ RequestItems }));
  }
}

/** A process that can be killed at one of its next calls, and whose calls sometimes fail. */
function newProcess(mayDie: boolean): Phonebook {
  const killAt = mayDie && random() < 0.4 ? { killAt: pick(10) } : {};
  const chaos = { ...killAt, side: random() < 0.5 ? ('before' as const) : ('after' as const), faults: 3 };
  const directory = { client: chaoticClient(client, chaos, random), table, sleep: async () => {} };
  return createPhonebook({ directory, reservationMs: 15 * MINUTE, quarantineDays: QUARANTINE_DAYS, clock });
}

/** Repeats the call in a new process when the process was killed, as a client with an idempotency key does. */
async function callUntilDone<Answer>(
  call: (phonebook: Phonebook) => Promise<Answer>,
): Promise<Answer | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call(newProcess(attempt < 4));
    } catch (error) {
      if (error instanceof SwitchboardError && error.name !== 'UnavailableError') {
        outcomes[error.code] = (outcomes[error.code] ?? 0) + 1;
        return undefined;
      }
      const passing =
        error instanceof Killed || /Throttling|Conflict|InProgress|Unavailable/.test((error as Error).name);
      if (!passing || attempt === 20) throw error;
    }
  }
}

/** One client: reserves and assigns numbers, and sometimes lets time pass, expires numbers, or releases a number. */
async function runClient(name: string): Promise<void> {
  const key = random() < 0.2 ? `shared ${pick(5)} ${name.split(' ')[0]}` : name;
  const request = { pool: 'direct', prefix: '+1613', count: 5, idempotencyKey: key } as const;
  const reservation = await callUntilDone((phonebook) => phonebook.reserveNumbers(request));
  if (random() < 0.015) clock.advance(8 * MINUTE);
  if (random() < 0.03) await expireDue();
  const userId = `a${pick(USERS)}`;
  if (reservation) await assignOne(reservation, userId);
  if (random() < 0.3) await releaseDirectNumber(userId);
}

async function assignOne({ refId, phoneNumbers }: Reservation, userId: string): Promise<void> {
  const phoneNumber = phoneNumbers[pick(phoneNumbers.length)] ?? '';
  const request = { userId, refId, phoneNumber, replace: random() < 0.5 };
  const assigned = await callUntilDone(async (phonebook) => {
    await phonebook.assignNumber(request);
    return true;
  });
  if (!assigned) return;
  outcomes.ASSIGNED = (outcomes.ASSIGNED ?? 0) + 1;
  const Key = { pk: `RESERVATION#${refId}`, sk: 'RESERVATION' };
  const { Item } = await client.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
  expect(Item).toMatchObject({ chosen: phoneNumber, userId });
}

async function releaseDirectNumber(userId: string): Promise<void> {
  const user = await callUntilDone((phonebook) => phonebook.getUser(userId));
  const phoneNumber = user?.directNumber;
  if (phoneNumber) await callUntilDone((phonebook) => phonebook.releaseNumber({ userId, phoneNumber }));
}

/** A run that can be killed. The next run continues. */
async function expireDue(): Promise<void> {
  const chaos = { killAt: pick(40), side: 'after' as const, faults: 0 };
  const directory = { client: chaoticClient(client, chaos, random), table, sleep: async () => {} };
  await expireNumbers(directory, clock.now()).catch((error) => {
    if (!(error instanceof Killed)) throw error;
  });
}

function pick(below: number): number {
  return Math.floor(random() * below);
}

async function countStates(): Promise<Record<string, number>> {
  const items = await dump(client, table);
  expect(findDamage(items)).toEqual([]);
  const counts: Record<string, number> = {};
  for (const { sk, state } of items.values()) {
    if (sk === 'NUMBER') counts[String(state)] = (counts[String(state)] ?? 0) + 1;
  }
  return counts;
}

function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

test.each([1_000, 7])(
  '200 concurrent clients on a pool of %i: no number has two owners, none is lost, and the states add up',
  async (pool) => {
    await prepare(pool, testSeed(`phonebook of ${pool}`));
    for (let round = 1; round <= ROUNDS; round += 1) {
      await Promise.all(Array.from({ length: CLIENTS }, (_, position) => runClient(`${round} ${position}`)));
      expect(sum(await countStates())).toBe(pool);
      clock.advance(random() < 0.3 ? DAY : 5 * MINUTE);
      // A complete run, because otherwise the next round reserves expired numbers only.
      await expireNumbers({ client, table }, clock.now());
    }
    clock.advance(DAY);
    await expireNumbers({ client, table }, clock.now());

    const { UNUSED = 0, ASSIGNED = 0, ...others } = await countStates();
    expect(others).toEqual({});
    expect(UNUSED + ASSIGNED).toBe(pool);
    process.stdout.write(`${JSON.stringify({ pool, rounds: ROUNDS, outcomes, UNUSED, ASSIGNED })}\n`);
  },
);
