import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { ulid as makeUlid } from 'ulid';
import { createAcceptance } from '#core/messages/accept.ts';
import type { Crowds } from '#core/messages/dispatch/busy-origins.ts';
import { createCheck } from '#core/messages/dispatch/checks.ts';
import type { Dispatching } from '#core/messages/dispatch/context.ts';
import { dispatchScheduled, followDue } from '#core/messages/dispatch/drain-due.ts';
import type { DueResult } from '#core/messages/dispatch/due-messages.ts';
import { outcomeOf, type SendOutcome } from '#core/messages/dispatch/outcome.ts';
import { createRateLimit } from '#core/messages/dispatch/rate.ts';
import type { SendText, Text } from '#core/messages/dispatch/sender.ts';
import { dispatchRecords } from '#core/messages/dispatch/stream.ts';
import { FOLLOW_MS } from '#core/messages/dispatch/timeouts.ts';
import { createAskToFollow } from '#core/messages/dispatch/wake-up.ts';
import { laneOf, messageIdFor, messageKey, partsOfMessageId } from '#core/messages/keys.ts';
import {
  type Message,
  type MessageBody,
  messageFromItem,
  messageItem,
  sealBody,
} from '#core/messages/message.ts';
import { writeOptOut } from '#core/messages/opt-outs/index.ts';
import { nextAllowed } from '#core/messages/quiet/index.ts';
import { decide } from '#core/messages/resolve-unknown.ts';
import { type Chaos, chaoticClient, Killed, mortal } from './chaos.ts';
import { testKeyring } from './contacts.ts';
import { type FakeClock, fakeClock, namedError } from './directory.ts';

/** The only table of a world. */
export const TABLE = 'directory';
export const OURS = '+16135550100';
const RECIPIENTS = ['+14165550101', '+14165550102', '+14165550103'];

/** What the provider does with a request: what is delivered, and what is answered. */
export const PROVIDER = {
  takes: { delivers: true, answer: undefined },
  throttles: { delivers: false, answer: namedError('ThrottlingException', metadata(400)) },
  breaks: { delivers: false, answer: namedError('InternalServerException', metadata(500)) },
  forbids: { delivers: false, answer: namedError('AccessDeniedException', metadata(403)) },
  refuses: { delivers: false, answer: namedError('ValidationException', metadata(400)) },
  'has opted out': {
    delivers: false,
    answer: namedError('ConflictException', {
      Reason: 'DESTINATION_PHONE_NUMBER_OPTED_OUT',
      ...metadata(400),
    }),
  },
  'is away': { delivers: false, answer: namedError('Error', { code: 'ECONNREFUSED', syscall: 'connect' }) },
  'loses the answer': { delivers: true, answer: namedError('TimeoutError', { code: 'ECONNRESET' }) },
  'loses the request': { delivers: false, answer: namedError('TimeoutError', { code: 'ECONNRESET' }) },
  'is behind a broken gateway': { delivers: true, answer: namedError('Unknown', metadata(502)) },
} as const;
export type ProviderMode = keyof typeof PROVIDER;

function metadata(httpStatusCode: number) {
  return { $metadata: { httpStatusCode } };
}

export interface WorldOptions {
  client: DynamoDBDocumentClient;
  random: () => number;
  perSecond?: number;
  /** Whether a sender is configured. */
  sends?: boolean;
  clock?: FakeClock;
  /** IdempotencyTable, where it has to be another table. */
  idempotency?: { client: DynamoDBDocumentClient; table: string };
}

/** Recipients, a provider of texts, and everything that may happen between a message and its recipient. */
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
  const crowds: Crowds = new Map();
  let claims = 0;
  let followed = 0;
  let following: Promise<void> | undefined;
  let ulids = 0;

  const world = {
    keyring,
    put,
    /** How many requests the dispatchers made. */
    requests: 0,
    clock,
    deliveries,
    accepted,
    stream,
    provider: 'takes' as ProviderMode,
    /** How often somebody asked for a run that follows. */
    asked: 0,
    /** Whether the stream brings that to the dispatcher; otherwise a test does so. */
    streams: false,
    /** How many milliseconds the provider takes. */
    slowness: 0,
    /** How many milliseconds at most go by at a request, now and then. */
    stall: 0,
    /** How many milliseconds at most the clock of a dispatcher is wrong; now and then it is set. */
    skew: 0,

    /** Ours may send, and every recipient is a contact's. */
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

    /** As accepting leaves it: the message, and a record of the stream, whose place is the answer. */
    async accept(recipient: number, parts: Partial<Message> & Partial<MessageBody> = {}): Promise<number> {
      const { to = RECIPIENTS[recipient] ?? '', content = 'Hello', ...rest } = parts;
      const now = clock.now();
      const lane = laneOf(keyring, to);
      ulids += 1;
      // In one process a later one sorts later, in one millisecond too.
      const ulid = `${makeUlid(now).slice(0, 10)}${String(ulids).padStart(16, '0')}`;
      const messageId = messageIdFor(ulid, lane);
      const item = messageItem({
        messageId,
        from: OURS,
        blob: sealBody(keyring, messageId, { to, content }),
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

    /** A client that wants a text sent, by the one way in; it may be killed, and may ask again and again. */
    async acceptKey(
      key: number,
      chaos: Chaos = UNDISTURBED,
      { allowUnknown = true } = {},
    ): Promise<string | undefined> {
      const mine = chaoticClient(client, chaos, random);
      const { accept: acceptMessage } = createAcceptance({
        ...{ client: mine, messages: TABLE, idempotency: TABLE, lookup: TABLE },
        directory: { client: mine, table: TABLE },
        allowUnknownRecipients: allowUnknown,
        keyring: async () => keyring,
        retentionDays: 30,
        clock,
      });
      const to = RECIPIENTS[key % RECIPIENTS.length] ?? '';
      const content = `Hello ${key}`;
      const sms = { idempotencyKey: `key-${key}`, from: OURS, to, content, origin: 'api' as const };
      const answer = await survive(acceptMessage(sms));
      if (answer) inserted(answer.messageId, to);
      return answer?.messageId;
    },

    /** A batch of the stream: any of its records, in any order, once more or for the first time. */
    async deliver(places: readonly number[], chaos: Chaos): Promise<void> {
      const records = places.flatMap((place) => stream[place % Math.max(1, stream.length)] ?? []);
      const now = clock.now();
      await survive(
        dispatchRecords(async () => dispatcher(chaos), records, { until: now + 5_000, end: now + 160_000 }),
      );
    },

    /** A run of the schedule. */
    async sweep(chaos: Chaos = UNDISTURBED): Promise<DueResult | undefined> {
      const now = clock.now();
      return survive(dispatchScheduled(dispatcher(chaos), { until: now + 5_000, end: now + 160_000 }));
    },

    /** A run that was asked for, with all that comes up in its time. */
    async follow(chaos: Chaos = UNDISTURBED): Promise<DueResult | undefined> {
      const now = clock.now();
      return survive(followDue(dispatcher(chaos), { until: now + FOLLOW_MS, end: now + 160_000 }));
    },

    /** Until everybody who asked has been followed: one run after the other, each for all who asked before it. */
    followed(): Promise<void> {
      following ??= followAll();
      return following;
    },

    async optOut(recipient: number, state: 'OUT' | 'IN'): Promise<void> {
      const store = { client, messages: TABLE, keyring: async () => keyring };
      await writeOptOut(store, RECIPIENTS[recipient] ?? '', { state, at: iso(clock.now()), source: 'API' });
    },

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

    /** A person has one of the messages sent again of which nobody knows. */
    async resend(choice: number): Promise<void> {
      const unknown = (await world.messages()).filter(({ status }) => status.state === 'UNKNOWN');
      const chosen = unknown[choice % Math.max(1, unknown.length)];
      if (!chosen) return;
      // Counted before: its request may be let through at once.
      resends.set(chosen.messageId, (resends.get(chosen.messageId) ?? 0) + 1);
      const parts = partsOfMessageId(chosen.messageId);
      const decided = { as: 'RESEND' as const, at: iso(clock.now()), since: since(chosen) };
      if (parts) await decide({ client, messages: TABLE }, parts, decided);
    },

    /** What must never be, whatever happened. */
    damage(): string[] {
      return [...twice(), ...outOfOrder()];
    },

    twice,

    /** Undisturbed from now on, time goes by until nothing has to be done any more. */
    async settle(): Promise<void> {
      world.provider = 'takes';
      world.stall = 0;
      world.skew = 0;
      for (let minutes = 0; minutes < 5 * 24 * 60; ) {
        if ((await world.messages()).every(({ status }) => !('dueAt' in status))) return;
        await world.sweep();
        const step = minutes < 30 ? 1 : 60;
        minutes += step;
        clock.advance(step * 60_000);
      }
    },

    /** What is wrong with how messages ended. */
    async wrongEnds(): Promise<string[]> {
      return (await world.messages()).flatMap(({ messageId, status }) => {
        const times = deliveries.filter(({ ulid }) => messageId.startsWith(ulid)).length;
        if ('dueAt' in status) return [`${messageId} has no end: ${status.state}`];
        if (status.state === 'SENT' && times === 0) return [`${messageId} is SENT and was not`];
        // All are known, ours may send, and nobody is in an audience.
        if (status.state === 'SUPPRESSED' && status.reason !== 'OPTED_OUT')
          return [`${messageId} is SUPPRESSED for ${status.reason}`];
        const never = status.state === 'SUPPRESSED' || status.state === 'FAILED' || status.state === 'STORED';
        if (never && times > 0 && !resends.has(messageId))
          return [`${messageId} is ${status.state} and was sent`];
        return [];
      });
    },
  };

  function dispatcher(chaos: Chaos): Dispatching {
    const call = mortal(chaos);
    const stalling = async <Answer>(request: () => Promise<Answer>) => {
      world.requests += 1;
      await standStill();
      const answer = await call(request);
      await standStill();
      return answer;
    };
    const mine = chaoticClient(client, chaos, random, stalling);
    const asking = chaoticClient(counting(), chaos, random, stalling);
    let offset = wrongBy();
    const tables = { client: mine, contacts: TABLE, lookup: TABLE, directory: TABLE, messages: TABLE };
    return {
      table: tables,
      keyring,
      check: createCheck(tables, { allowUnknown: false }),
      rate: createRateLimit(tables, perSecond),
      askToFollow: createAskToFollow({ client: asking, idempotency: idempotency.table }, clock),
      crowds,
      originOf: (from) => from,
      send: sends
        ? (text) => {
            world.requests += 1;
            return call(() => provide(text));
          }
        : undefined,
      nextAllowed,
      clock: {
        ...clock,
        now: () => {
          if (world.skew > 0 && random() < 0.02) offset = wrongBy();
          return clock.now() + offset;
        },
        // Who is dead does not wait.
        sleep: (milliseconds) => {
          world.requests += 1;
          return call(() => clock.sleep(milliseconds));
        },
      },
      newClaim: () => `claim-${claims++}`,
      told: new Set(),
    };
  }

  async function followAll(): Promise<void> {
    while (followed < world.asked) {
      followed = world.asked;
      await world.follow();
    }
    following = undefined;
  }

  /** Where they ask, and are heard. */
  function counting(): DynamoDBDocumentClient {
    const send = async (command: Parameters<DynamoDBDocumentClient['send']>[0]) => {
      const answer = await idempotency.client.send(command);
      world.asked += 1;
      if (world.streams) void world.followed();
      return answer;
    };
    return { send } as unknown as DynamoDBDocumentClient;
  }

  function wrongBy(): number {
    return world.skew === 0 ? 0 : Math.floor((random() * 2 - 1) * world.skew);
  }

  /** Now and then a process is frozen, and others go on. */
  async function standStill(): Promise<void> {
    if (world.stall === 0 || random() >= 0.05) return;
    clock.advance(random() * world.stall);
    for (let turns = random() * 400; turns > 0; turns -= 1) await Promise.resolve();
  }

  const provide: SendText = async ({ ulid, to, content }: Text): Promise<SendOutcome> => {
    const { delivers, answer } = PROVIDER[world.provider];
    if (delivers) deliveries.push({ ulid, to, content, at: clock.now() });
    if (world.slowness > 0) await clock.sleep(world.slowness);
    return answer ? outcomeOf(answer) : { kind: 'SENT', providerMessageId: `provider-${deliveries.length}` };
  };

  function twice(): string[] {
    return accepted.flatMap(({ messageId }) => {
      const times = deliveries.filter(({ ulid }) => messageId.startsWith(ulid)).length;
      const most = 1 + (resends.get(messageId) ?? 0);
      return times > most ? [`${messageId} was sent ${times} times`] : [];
    });
  }

  /** What a person had sent again comes when it comes. */
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

/** A killed run has no result; neither has one that was throttled to death. */
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
