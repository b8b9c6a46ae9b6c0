import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { ulid as makeUlid } from 'ulid';
import { createMessages } from '#core/messages/create-messages.ts';
import { createDispatcher, type Dispatcher, type DueResult } from '#core/messages/dispatch/index.ts';
import { outcomeOf, type SendOutcome } from '#core/messages/dispatch/outcome.ts';
import type { BusyOrigins } from '#core/messages/dispatch/rate.ts';
import type { SendText, Text } from '#core/messages/dispatch/sender.ts';
import {
  encryptBody,
  type Message,
  type MessageBody,
  messageFromItem,
  messageItem,
} from '#core/messages/message.ts';
import { writeOptOut } from '#core/messages/opt-outs/index.ts';
import { resolveUnknown } from '#core/messages/resolve-unknown.ts';
import { laneOf, messageIdFor, messageKey, partsOfMessageId } from '#core/messages/table-keys.ts';
import { type Chaos, chaoticClient, Killed, mortal } from './chaos.ts';
import { testKeyring } from './contacts.ts';
import { type FakeClock, fakeClock, namedError } from './directory.ts';
import { type MemoryDynamoDb, memoryDynamoDb } from './memory-dynamodb.ts';

/** All tables of a world are one. */
export const TABLE = 'directory';
export const OURS = '+16135550100';
const RECIPIENTS = ['+14165550101', '+14165550102', '+14165550103'];

/** What the provider does with a request: whether it delivers the text, and the error that it returns. */
export const PROVIDER = {
  takes: { delivers: true, error: undefined },
  throttles: { delivers: false, error: namedError('ThrottlingException', metadata(400)) },
  breaks: { delivers: false, error: namedError('InternalServerException', metadata(500)) },
  forbids: { delivers: false, error: namedError('AccessDeniedException', metadata(403)) },
  refuses: { delivers: false, error: namedError('ValidationException', metadata(400)) },
  'has opted out': {
    delivers: false,
    error: namedError('ConflictException', {
      Reason: 'DESTINATION_PHONE_NUMBER_OPTED_OUT',
      ...metadata(400),
    }),
  },
  'is away': { delivers: false, error: namedError('Error', { code: 'ECONNREFUSED', syscall: 'connect' }) },
  'loses the answer': { delivers: true, error: namedError('TimeoutError', { code: 'ECONNRESET' }) },
  'loses the request': { delivers: false, error: namedError('TimeoutError', { code: 'ECONNRESET' }) },
  'is behind a broken gateway': { delivers: true, error: namedError('Unknown', metadata(502)) },
} as const;
export type ProviderMode = keyof typeof PROVIDER;

function metadata(httpStatusCode: number) {
  return { $metadata: { httpStatusCode } };
}

const ENV = {
  MESSAGES_TABLE: TABLE,
  IDEMPOTENCY_TABLE: TABLE,
  CONTACTS_TABLE: TABLE,
  LOOKUP_TABLE: TABLE,
  DIRECTORY_TABLE: TABLE,
  // The keyring is replaced, so nothing reads these.
  ORGANIZATION: '',
  ROOT_KEY_ARN: '',
  KEY_VERSIONS: [],
};
/** The remaining time of an invocation. */
const INVOCATION_MS = 180_000;

export interface WorldOptions {
  client: DynamoDBDocumentClient;
  random: () => number;
  perSecond?: number;
  /** Whether a sender is configured. */
  sends?: boolean;
  clock?: FakeClock;
  /** IdempotencyTable, when it must be another table. */
  idempotency?: { client: DynamoDBDocumentClient; table: string };
}

/** Recipients, an SMS provider, and the faults that can happen between a message and its recipient. */
export function createMessageWorld({
  client,
  random,
  perSecond = 1_000,
  sends = true,
  clock: fake = fakeClock(),
  idempotency = { client, table: TABLE },
}: WorldOptions) {
  const keyring = testKeyring([1]);
  const clock = { ...fake, random, now: () => Math.floor(fake.now()) };
  const deliveries: { ulid: string; to: string; content: string; at: number }[] = [];
  const accepted: { messageId: string; to: string }[] = [];
  const resends = new Map<string, number>();
  const stream: DynamoDBRecord[] = [];
  const busyOrigins: BusyOrigins = new Map();
  let claims = 0;
  let drained = 0;
  let draining: Promise<void> | undefined;
  let ulids = 0;

  const world = {
    keyring,
    put,
    /** The number of requests that the dispatchers made. */
    requests: 0,
    clock,
    deliveries,
    accepted,
    stream,
    provider: 'takes' as ProviderMode,
    /** The number of wake-ups that dispatchers requested. */
    wakeUps: 0,
    /** Whether a wake-up starts a draining run. Otherwise, the test starts it. */
    drainsOnWakeUp: false,
    /** The response time of the provider, in milliseconds. */
    responseMs: 0,
    /** A dispatcher is frozen for up to this many milliseconds at a request, now and then. */
    stall: 0,
    /** The clock of a dispatcher is wrong by up to this many milliseconds, and is set now and then. */
    skew: 0,

    /** Creates a number that may send, and a contact for each recipient. */
    async begin(): Promise<void> {
      await put({
        pk: `NUMBER#${OURS}`,
        sk: 'NUMBER',
        pool: 'direct',
        state: 'BLOCKED',
        reason: 'OTHER_FLOW',
      });
      for (const [id, to] of RECIPIENTS.entries()) {
        const hash = keyring.hash(to);
        await put({ pk: hash, sk: `C-${id}` });
        await put({ pk: `CONTACT#C-${id}`, sk: 'PROFILE', keys: new Set([hash]) });
      }
    },

    /** Writes an accepted message and its stream record, and returns the position of the record. */
    async accept(recipient: number, parts: Partial<Message> & Partial<MessageBody> = {}): Promise<number> {
      const { to = RECIPIENTS[recipient] ?? '', content = 'Hello', ...rest } = parts;
      const now = clock.now();
      const lane = laneOf(keyring, to);
      ulids += 1;
      // In one process, a later ULID sorts later, even in the same millisecond.
      const ulid = `${makeUlid(now).slice(0, 10)}${String(ulids).padStart(16, '0')}`;
      const messageId = messageIdFor(ulid, lane);
      const item = messageItem({
        messageId,
        from: OURS,
        blob: encryptBody(keyring, messageId, { to, content }),
        segments: 1,
        encoding: 'GSM-7',
        origin: 'api',
        attempts: 0,
        acceptedAt: iso(now),
        ttl: Math.ceil(now / 1_000) + 30 * 86_400,
        status: { state: 'ACCEPTED', dueAt: iso(now + 300_000) },
        ...rest,
      });
      await put(item);
      return inserted(messageId, to);
    },

    /** A client accepts a message with this key. It may be killed, and may retry. */
    async acceptKey(
      key: number,
      chaos: Chaos = UNDISTURBED,
      { allowUnknown = true } = {},
    ): Promise<string | undefined> {
      const mine = chaoticClient(client, chaos, random);
      const env = { ...ENV, ALLOW_UNKNOWN_RECIPIENTS: allowUnknown, MESSAGE_RETENTION_DAYS: 30 };
      const service = createMessages(env, { client: mine, keyring: async () => keyring, clock });
      const to = RECIPIENTS[key % RECIPIENTS.length] ?? '';
      const content = `Hello ${key}`;
      const sms = { idempotencyKey: `key-${key}`, from: OURS, to, content, origin: 'api' as const };
      const answer = await survive(service.accept(sms));
      if (answer) inserted(answer.messageId, to);
      return answer?.messageId;
    },

    /** The stream delivers a batch: any of its records, in any order, for the first time or again. */
    async deliver(places: readonly number[], chaos: Chaos = UNDISTURBED): Promise<void> {
      const records = places.flatMap((place) => stream[place % Math.max(1, stream.length)] ?? []);
      await survive(dispatcher(chaos).dispatchRecords(records, INVOCATION_MS));
    },

    /** The scheduled run. */
    async dispatchDue(chaos: Chaos = UNDISTURBED): Promise<DueResult | undefined> {
      return survive(dispatcher(chaos).dispatchDue(INVOCATION_MS));
    },

    /** A draining run. */
    async drainDue(chaos: Chaos = UNDISTURBED): Promise<DueResult | undefined> {
      return survive(dispatcher(chaos).drainDue(INVOCATION_MS));
    },

    /** Runs draining runs one after the other, each for all wake-ups before it, until none is left. */
    drainWakeUps(): Promise<void> {
      draining ??= drainAll();
      return draining;
    },

    async optOut(recipient: number, state: 'OPTED_OUT' | 'OPTED_IN'): Promise<void> {
      const store = { client, messages: TABLE, keyring: async () => keyring };
      await writeOptOut(store, RECIPIENTS[recipient] ?? '', { state, at: iso(clock.now()), source: 'API' });
    },

    statuses: async () => (await world.messages()).map(({ status }) => status),
    states: async () => (await world.messages()).map(({ status }) => status.state),

    async messages(): Promise<Message[]> {
      const items = accepted.map(async ({ messageId }) => {
        const parts = partsOfMessageId(messageId);
        if (!parts) throw new Error('No id.');
        const read = new GetCommand({ TableName: TABLE, Key: messageKey(parts), ConsistentRead: true });
        const message = messageFromItem((await client.send(read)).Item);
        if (!message) throw new Error(`${parts.ulid} is gone.`);
        return message;
      });
      return Promise.all(items);
    },

    /** A person resolves one of the UNKNOWN messages as RESEND. */
    async resend(choice: number): Promise<void> {
      const unknown = (await world.messages()).filter(({ status }) => status.state === 'UNKNOWN');
      const chosen = unknown[choice % Math.max(1, unknown.length)];
      if (!chosen) return;
      // Count it first: a dispatcher may send it at once.
      resends.set(chosen.messageId, (resends.get(chosen.messageId) ?? 0) + 1);
      const parts = partsOfMessageId(chosen.messageId);
      const resolution = { as: 'RESEND' as const, at: iso(clock.now()), since: since(chosen) };
      if (parts) await resolveUnknown({ client, messages: TABLE }, parts, resolution);
    },

    /** Violations of what must always hold. */
    damage(): string[] {
      return [...twice(), ...outOfOrder()];
    },

    twice,

    /** Without faults, lets time pass until no message is open. */
    async finishAll(): Promise<void> {
      world.provider = 'takes';
      world.stall = 0;
      world.skew = 0;
      for (let minutes = 0; minutes < 5 * 24 * 60; ) {
        if ((await world.messages()).every(({ status }) => !('dueAt' in status))) return;
        await world.dispatchDue();
        const step = minutes < 30 ? 1 : 60;
        minutes += step;
        clock.advance(step * 60_000);
      }
    },

    /** Messages with a wrong final state. */
    async wrongEnds(): Promise<string[]> {
      return (await world.messages()).flatMap(({ messageId, status }) => {
        const times = deliveries.filter(({ ulid }) => messageId.startsWith(ulid)).length;
        if ('dueAt' in status) return [`${messageId} has no end: ${status.state}`];
        if (status.state === 'SENT' && times === 0) return [`${messageId} is SENT and was not`];
        // All recipients are known, the number may send, and no contact is in an audience.
        if (status.state === 'SUPPRESSED' && status.reason !== 'OPTED_OUT')
          return [`${messageId} is SUPPRESSED for ${status.reason}`];
        const never = status.state === 'SUPPRESSED' || status.state === 'FAILED' || status.state === 'STORED';
        if (never && times > 0 && !resends.has(messageId))
          return [`${messageId} is ${status.state} and was sent`];
        return [];
      });
    },
  };

  /** The dispatcher of one process. */
  function dispatcher(chaos: Chaos): Dispatcher {
    const call = mortal(chaos);
    const stalling = async <Answer>(request: () => Promise<Answer>) => {
      world.requests += 1;
      await freeze();
      const answer = await call(request);
      await freeze();
      return answer;
    };
    let offset = clockError();
    const env = {
      ...ENV,
      IDEMPOTENCY_TABLE: idempotency.table,
      ALLOW_UNKNOWN_RECIPIENTS: false,
      SMS_ORIGINATION_IDENTITY: sends ? 'FROM_NUMBER' : '',
      SMS_MESSAGES_PER_SECOND: perSecond,
    };
    return createDispatcher(env, {
      client: chaoticClient(client, chaos, random, stalling),
      wakeUpClient: chaoticClient(countingClient(), chaos, random, stalling),
      keyring: async () => keyring,
      busyOrigins,
      send: (text) => {
        world.requests += 1;
        return call(() => provide(text));
      },
      clock: {
        ...clock,
        now: () => {
          if (world.skew > 0 && random() < 0.02) offset = clockError();
          return clock.now() + offset;
        },
        // A killed process does not wait.
        sleep: (milliseconds) => {
          world.requests += 1;
          return call(() => clock.sleep(milliseconds));
        },
      },
      createClaimId: () => `claim-${claims++}`,
    });
  }

  async function drainAll(): Promise<void> {
    while (drained < world.wakeUps) {
      drained = world.wakeUps;
      await world.drainDue();
    }
    draining = undefined;
  }

  /** Counts the wake-ups that are written. */
  function countingClient(): DynamoDBDocumentClient {
    const send = async (command: Parameters<DynamoDBDocumentClient['send']>[0]) => {
      const answer = await idempotency.client.send(command);
      world.wakeUps += 1;
      if (world.drainsOnWakeUp) void world.drainWakeUps();
      return answer;
    };
    return { send } as unknown as DynamoDBDocumentClient;
  }

  function clockError(): number {
    return world.skew === 0 ? 0 : Math.floor((random() * 2 - 1) * world.skew);
  }

  /** Now and then, a process is frozen, and others continue. */
  async function freeze(): Promise<void> {
    if (world.stall === 0 || random() >= 0.05) return;
    clock.advance(random() * world.stall);
    for (let turns = random() * 400; turns > 0; turns -= 1) await Promise.resolve();
  }

  const provide: SendText = async ({ ulid, to, content }: Text): Promise<SendOutcome> => {
    const { delivers, error } = PROVIDER[world.provider];
    if (delivers) deliveries.push({ ulid, to, content, at: clock.now() });
    if (world.responseMs > 0) await clock.sleep(world.responseMs);
    return error ? outcomeOf(error) : { kind: 'SENT', providerMessageId: `provider-${deliveries.length}` };
  };

  function twice(): string[] {
    return accepted.flatMap(({ messageId }) => {
      const times = deliveries.filter(({ ulid }) => messageId.startsWith(ulid)).length;
      const max = 1 + (resends.get(messageId) ?? 0);
      return times > max ? [`${messageId} was sent ${times} times`] : [];
    });
  }

  /** A message that was resent may arrive out of order. */
  function outOfOrder(): string[] {
    const again = [...resends.keys()].map((messageId) => partsOfMessageId(messageId)?.ulid);
    const last = new Map<string, string>();
    return deliveries.flatMap(({ ulid, to }) => {
      if (again.includes(ulid)) return [];
      const before = last.get(to) ?? '';
      last.set(to, ulid);
      return before > ulid ? [`${ulid} came after ${before}`] : [];
    });
  }

  function inserted(messageId: string, to: string): number {
    const parts = partsOfMessageId(messageId);
    if (!parts) throw new Error('No id.');
    if (!accepted.some((one) => one.messageId === messageId)) accepted.push({ messageId, to });
    const { pk, sk } = messageKey(parts);
    const place = stream.length;
    stream.push({
      eventName: 'INSERT',
      dynamodb: { SequenceNumber: String(place), Keys: { pk: { S: pk }, sk: { S: sk } } },
    });
    return place;
  }

  async function put(Item: Record<string, unknown>): Promise<void> {
    await client.send(new PutCommand({ TableName: TABLE, Item }));
  }

  return world;
}

function since({ status }: Message): string | undefined {
  return status.state === 'UNKNOWN' ? status.since : undefined;
}

export const UNDISTURBED: Chaos = { side: 'before', faults: 0 };

/** A run that was killed or throttled until it failed has no result. */
async function survive<Result>(run: Promise<Result>): Promise<Result | undefined> {
  try {
    return await run;
  } catch (error) {
    const named = ['ThrottlingException', 'TransactionConflictException', 'UnavailableError'];
    if (!(error instanceof Killed) && !named.includes((error as Error).name)) throw error;
    return undefined;
  }
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A number that belongs to no contact and is not in the directory. */
export const STRANGER = '+14165550199';

/** Quiet hours in Toronto that started a quarter of an hour before the clock of a test, which starts at 08:00 UTC. */
export const QUIET = { from: '01:45', until: '09:00' };

export type MessageWorld = ReturnType<typeof createMessageWorld>;

/** A world without faults, and its table. */
export async function createCalmWorld(
  options: Pick<WorldOptions, 'sends' | 'perSecond' | 'clock'> = {},
): Promise<{ db: MemoryDynamoDb; world: MessageWorld }> {
  const db = memoryDynamoDb(() => 0);
  const world = createMessageWorld({ client: db.client, random: () => 0.5, ...options });
  await world.begin();
  return { db, world };
}
