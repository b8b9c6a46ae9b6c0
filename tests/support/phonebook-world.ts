import { createPhonebook, type Phonebook, type Reservation } from '#core/phonebook/index.ts';
import { SwitchboardError } from '#core/platform/errors.ts';
import { type Chaos, chaoticClient } from './chaos.ts';
import { DIRECT_FLOW } from './directory.ts';
import type { MemoryDynamoDb } from './memory-dynamodb.ts';
import { createWorld, survive } from './sync-world.ts';

const RESERVATION_MS = 15 * 60_000;

/** Six direct numbers. At first, another flow answers the last one. */
export const WORLD_NUMBERS = Array.from({ length: 6 }, (_, position) => `+1613555010${position}`);

export interface ReserveStep {
  pool: 'direct' | 'extension';
  count: number;
  key: string | undefined;
  chaos: Chaos;
}

export interface AssignStep {
  /** A reservation, or the position of an earlier one. */
  reservation: Reservation | number;
  /** The position of the number in the reservation. */
  number: number;
  user: number;
  replace: boolean;
  chaos: Chaos;
}

/** The error codes that a client may get when everything is correct. */
const EXPECTED_CODES = {
  reserve: [
    ...[
      'NO_NUMBERS_AVAILABLE',
      'NUMBERS_NOT_FOUND',
      'IDEMPOTENCY_KEY_REUSED',
      'RESERVATION_EXPIRED',
      'RESERVATION_USED',
    ],
  ],
  assign: [
    ...['USER_NOT_FOUND', 'RESERVATION_USED', 'USER_HAS_NUMBER', 'NUMBER_BLOCKED', 'RESERVATION_EXPIRED'],
    'PREFERRED_EXTENSION_DIFFERS',
  ],
  release: ['USER_NOT_FOUND', 'NUMBER_NOT_FOUND', 'NUMBER_ASSIGNED_TO_OTHER_USER'],
} as const;

/** The world of the sync, with clients of the phonebook, on an emulated DynamoDB. */
export function createPhonebookWorld(db: MemoryDynamoDb, quarantineDays: number, random: () => number) {
  const store = {
    client: db.client,
    read: async () => db.items,
    settle: () => {
      db.catchUp = 1;
    },
    writes: () => db.writes,
  };
  const world = createWorld(store, quarantineDays, random);
  const { clock, connect } = world;
  const reservations: (Reservation & { key: string | undefined })[] = [];
  /** Numbers that left the instance or the flow, so that a reservation may have lost them. */
  const moved = new Set<string>();
  for (const number of WORLD_NUMBERS) connect.numbers.set(number, { number, flow: DIRECT_FLOW });
  connect.numbers.set(WORLD_NUMBERS[5] ?? '', { number: WORLD_NUMBERS[5] ?? '', flow: 'another flow' });

  function phonebook(chaos: Chaos): Phonebook {
    const client = chaoticClient(db.client, chaos, random);
    const directory = { client, table: 'directory', sleep: async () => {} };
    const instantClock = { ...clock, random, sleep: async () => {} };
    return createPhonebook({ directory, reservationMs: RESERVATION_MS, quarantineDays, clock: instantClock });
  }

  return {
    ...world,
    settle: store.settle,
    async reserve({ pool, count, key, chaos }: ReserveStep): Promise<Reservation | undefined> {
      const range = pool === 'direct' ? ({ pool, prefix: '+1613' } as const) : { pool };
      const request = { ...range, count, ...(key === undefined ? {} : { idempotencyKey: key }) };
      const answer = await allowErrors(EXPECTED_CODES.reserve, phonebook(chaos).reserveNumbers(request));
      if (!answer) return undefined;
      if (answer.phoneNumbers.length === 0 || answer.phoneNumbers.length > count) {
        throw new Error(`${answer.phoneNumbers.length} numbers instead of ${count}`);
      }
      const before = key === undefined ? undefined : reservations.find((other) => other.key === key);
      if (before && JSON.stringify({ ...answer, key }) !== JSON.stringify(before)) {
        throw new Error('Requests with the same key got two reservations.');
      }
      if (!before) reservations.push({ ...answer, key });
      return answer;
    },
    async assign({ reservation, number, user, replace, chaos }: AssignStep): Promise<void> {
      const chosen =
        typeof reservation === 'number'
          ? reservations[reservation % Math.max(1, reservations.length)]
          : reservation;
      if (!chosen) return;
      const { refId, phoneNumbers } = chosen;
      const phoneNumber = phoneNumbers[number % phoneNumbers.length] ?? '';
      const request = { userId: world.idOf(user), refId, phoneNumber, replace };
      const answer = await allowErrors(
        EXPECTED_CODES.assign,
        phonebook(chaos)
          .assignNumber(request)
          .then(() => 'ASSIGNED'),
      );
      if (!answer) return;
      const stored = db.items.get(`RESERVATION#${refId} RESERVATION`);
      if (stored?.chosen !== phoneNumber || stored.userId !== request.userId) {
        throw new Error('A client got a success, but the number is not assigned.');
      }
      await phonebook({ side: 'before', faults: 0 }).assignNumber(request);
    },
    async release(user: number, pool: 'direct' | 'extension', chaos: Chaos): Promise<void> {
      const userId = world.idOf(user);
      const agent = db.items.get(`AGENT#${userId} AGENT`);
      const phoneNumber = String(
        (pool === 'direct' ? agent?.directNumber : agent?.extension) ?? WORLD_NUMBERS[0],
      );
      await allowErrors(EXPECTED_CODES.release, phonebook(chaos).releaseNumber({ userId, phoneNumber }));
    },
    /** Removes a number from the instance, adds it again, or gives it another flow. */
    move(position: number, to: 'away' | 'here' | 'elsewhere') {
      const number = WORLD_NUMBERS[position] ?? '';
      moved.add(number);
      if (to === 'away') connect.numbers.delete(number);
      else connect.numbers.set(number, { number, flow: to === 'here' ? DIRECT_FLOW : 'another flow' });
    },
    /** A reservation holds its numbers until it expires, or until one is chosen. */
    findLostReservations(): string[] {
      const now = new Date(clock.now()).toISOString();
      return reservations.flatMap(({ refId, phoneNumbers, expiresAt }) => {
        if (expiresAt <= now || db.items.get(`RESERVATION#${refId} RESERVATION`)?.chosen) return [];
        return phoneNumbers
          .filter((number) => !moved.has(number))
          .filter((number) => db.items.get(`NUMBER#${number} NUMBER`)?.reservationId !== refId)
          .map((number) => `${number} is no longer in its reservation`);
      });
    },
    /** Every unused number can be reserved, and no other number. */
    async findUnreservable(): Promise<string[]> {
      const free = [...db.items.values()]
        .filter(({ pool, state }) => pool === 'direct' && state === 'UNUSED')
        .map(({ pk }) => String(pk).slice('NUMBER#'.length));
      const chaos = { side: 'before', faults: 0 } as const;
      const reserved =
        free.length === 0
          ? undefined
          : await this.reserve({ pool: 'direct', count: 20, key: undefined, chaos });
      const more = await this.reserve({ pool: 'direct', count: 1, key: undefined, chaos });
      const all = reserved?.phoneNumbers ?? [];
      return [
        ...free.filter((number) => !all.includes(number)).map((number) => `${number} cannot be reserved`),
        ...(more ? [`${more.phoneNumbers} is reserved twice`] : []),
      ];
    },
  };

  async function allowErrors<Answer>(
    codes: readonly string[],
    answer: Promise<Answer>,
  ): Promise<Answer | undefined> {
    try {
      return await survive(answer);
    } catch (error) {
      if (error instanceof SwitchboardError && codes.includes(error.code)) return undefined;
      throw error;
    }
  }
}
