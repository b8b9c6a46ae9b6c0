import { randomUUID } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { nextAllowed } from '#core/messages/quiet-hours/next-allowed.ts';
import { type Clock, systemClock } from '#core/platform/clock.ts';
import { documentClient } from '#core/platform/dynamodb/client.ts';
import type { RecordFailure } from '#core/platform/handlers/stream.ts';
import { createKeyringLoader, type Keyring, keySettings } from '#core/platform/keys/index.ts';
import { duration, gauge } from '#core/platform/observability.ts';
import { createMessageCheck } from './check-message.ts';
import type { Deadlines, DispatchContext } from './dispatch-context.ts';
import { dispatchRecords } from './dispatch-records.ts';
import { dispatchScheduled, drainDueMessages } from './drain-due.ts';
import { countUnknown, type DueResult } from './due-messages.ts';
import { type BusyOrigins, createRateLimit } from './rate.ts';
import { createSender, FROM_NUMBER, type SendText } from './sender.ts';
import { DRAIN_MS } from './timeouts.ts';
import { createWakeUp } from './wake-up.ts';

// Read this folder from the top: create-dispatcher → dispatch-records, drain-due → due-messages → run-lane → lane, process-next →
// check-message, rate, sender, outcome → change-message-state.

export interface DispatcherEnv {
  MESSAGES_TABLE: string;
  IDEMPOTENCY_TABLE: string;
  CONTACTS_TABLE: string;
  LOOKUP_TABLE: string;
  DIRECTORY_TABLE: string;
  ORGANIZATION: string;
  ROOT_KEY_ARN: string;
  KEY_VERSIONS: number[];
  SMS_ORIGINATION_IDENTITY: string;
  SMS_MESSAGES_PER_SECOND: number;
  ALLOW_UNKNOWN_RECIPIENTS: boolean;
}

/** What a test replaces. */
export interface DispatcherParts {
  client: DynamoDBDocumentClient;
  /** Writes the wake-up row. */
  wakeUpClient: DynamoDBDocumentClient;
  keyring: () => Promise<Keyring>;
  /** Sends when a sender is configured. */
  send: SendText;
  busyOrigins: BusyOrigins;
  createClaimId: () => string;
  clock: Clock;
}

export interface Dispatcher {
  /** Dispatches the messages that records of the MessagesTable stream name, and returns the records that failed. */
  dispatchRecords(records: DynamoDBRecord[], remainingMs: number): Promise<RecordFailure[]>;
  /** The scheduled run: dispatches what is due. */
  dispatchDue(remainingMs: number): Promise<DueResult>;
  /** The run that a wake-up starts: dispatches what is due, and what becomes due in about a minute. */
  drainDue(remainingMs: number): Promise<DueResult>;
}

/** A batch of the stream waits no longer to retry a refused text, because other texts stand behind it. */
const STREAM_WAIT_MS = 5_000;
/** The scheduled run waits no longer for a slot. A run that a wake-up starts waits as long as it takes. */
const SCHEDULE_WAIT_MS = 5_000;
/** A run starts nothing this long before its invocation times out: a request to the sender takes up to 15 s. */
const INVOCATION_RESERVE_MS = 20_000;

/**
 * Composes the dispatcher of this process. It loads the keys when the first run needs them.
 *
 * @param replaced parts that a test replaces
 */
export function createDispatcher(env: DispatcherEnv, replaced: Partial<DispatcherParts> = {}): Dispatcher {
  const { client = documentClient(), clock = systemClock, busyOrigins = new Map() } = replaced;
  const { wakeUpClient = client, createClaimId = randomUUID } = replaced;
  const { SMS_ORIGINATION_IDENTITY: identity } = env;
  const table = { client, messages: env.MESSAGES_TABLE };
  const checkMessage = createMessageCheck(
    {
      client,
      contacts: env.CONTACTS_TABLE,
      lookup: env.LOOKUP_TABLE,
      directory: env.DIRECTORY_TABLE,
      messages: env.MESSAGES_TABLE,
    },
    { allowUnknown: env.ALLOW_UNKNOWN_RECIPIENTS },
  );
  const requestWakeUp = createWakeUp({ client: wakeUpClient, idempotency: env.IDEMPOTENCY_TABLE }, clock);
  const rate = createRateLimit(table, env.SMS_MESSAGES_PER_SECOND);
  const keyring = replaced.keyring ?? createKeyringLoader(keySettings(env));
  const send = identity === '' ? undefined : (replaced.send ?? createSender(identity));
  const originOf = (from: string) => (identity === FROM_NUMBER ? from : identity);

  const createContext = async (): Promise<DispatchContext> => ({
    ...{ table, checkMessage, rate, busyOrigins, requestWakeUp, send, originOf, nextAllowed },
    ...{ clock, createClaimId },
    keyring: await keyring(),
    loggedReasons: new Set(),
  });

  function deadlines(remainingMs: number, maxWaitMs: number): Deadlines {
    const now = clock.now();
    const left = Math.max(0, remainingMs - INVOCATION_RESERVE_MS);
    return { waitUntil: now + Math.min(maxWaitMs, left), startUntil: now + left };
  }

  return {
    dispatchRecords: (records, remainingMs) =>
      dispatchRecords(createContext, records, deadlines(remainingMs, STREAM_WAIT_MS)),

    async dispatchDue(remainingMs) {
      const ctx = await createContext();
      const result = await dispatchScheduled(ctx, deadlines(remainingMs, SCHEDULE_WAIT_MS));
      gauge('MessagesDue', result.counts.due);
      duration('MessagesOverdue', result.counts.overdueMs);
      gauge('MessagesUnknownBacklog', await countUnknown(table));
      return result;
    },

    async drainDue(remainingMs) {
      return drainDueMessages(await createContext(), deadlines(remainingMs, DRAIN_MS));
    },
  };
}
