import { randomUUID } from 'node:crypto';
import type { DynamoDBRecord } from 'aws-lambda';
import { nextAllowed } from '#core/messages/quiet/index.ts';
import { type Clock, systemClock } from '#core/platform/clock.ts';
import { documentClient } from '#core/platform/dynamodb/client.ts';
import type { RecordFailure } from '#core/platform/handlers/stream.ts';
import { keyringLoader, keySettings } from '#core/platform/keys/index.ts';
import { duration, gauge } from '#core/platform/observability.ts';
import type { Crowds } from './busy-origins.ts';
import { createCheck } from './checks.ts';
import type { Dispatching, Patience } from './context.ts';
import { dispatchScheduled, followDue } from './drain-due.ts';
import type { DueResult } from './due-messages.ts';
import { createRateLimit } from './rate.ts';
import { createSender, FROM_NUMBER } from './sender.ts';
import { dispatchRecords } from './stream.ts';
import { FOLLOW_MS } from './timeouts.ts';
import { countUndecided } from './unknown.ts';
import { createAskToFollow } from './wake-up.ts';

export type { DueResult } from './due-messages.ts';
export { asksToFollow } from './wake-up.ts';

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

export interface Dispatcher {
  /** What the stream of MessagesTable tells of. Says which records failed. */
  records(records: DynamoDBRecord[], remainingMs: number): Promise<RecordFailure[]>;
  /** What is due, for whatever reason. */
  due(remainingMs: number): Promise<DueResult>;
  /** What is due, and what becomes due in about a minute. */
  follow(remainingMs: number): Promise<DueResult>;
}

/** A batch of the stream waits no longer until a refused text may be tried again: behind it are other texts. */
const STREAM_PATIENCE_MS = 5_000;
/** A run of the schedule waits no longer for turns: a run that follows does so for as long as it takes. */
const SCHEDULE_PATIENCE_MS = 5_000;
/** Nothing new begins this long before the invocation would be cut off: a request to the sender takes 15 s at most. */
const RESERVE_MS = 20_000;

/** Makes the dispatcher of this process; the keys are loaded when something is to be sent. */
export function createDispatcher(env: DispatcherEnv, clock: Clock = systemClock): Dispatcher {
  const client = documentClient();
  const { SMS_ORIGINATION_IDENTITY: identity } = env;
  const table = { client, messages: env.MESSAGES_TABLE };
  const check = createCheck(
    {
      client,
      contacts: env.CONTACTS_TABLE,
      lookup: env.LOOKUP_TABLE,
      directory: env.DIRECTORY_TABLE,
      messages: env.MESSAGES_TABLE,
    },
    { allowUnknown: env.ALLOW_UNKNOWN_RECIPIENTS },
  );
  const askToFollow = createAskToFollow({ client, idempotency: env.IDEMPOTENCY_TABLE }, clock);
  const crowds: Crowds = new Map();
  const rate = createRateLimit(table, env.SMS_MESSAGES_PER_SECOND);
  const keyring = keyringLoader(keySettings(env));
  const send = identity === '' ? undefined : createSender(identity);
  const originOf = (from: string) => (identity === FROM_NUMBER ? from : identity);

  const dispatching = async (): Promise<Dispatching> => ({
    ...{ table, check, rate, crowds, askToFollow, send, originOf, nextAllowed, clock },
    keyring: await keyring(),
    newClaim: randomUUID,
    told: new Set(),
  });

  function patience(remainingMs: number, most: number): Patience {
    const now = clock.now();
    const left = Math.max(0, remainingMs - RESERVE_MS);
    return { until: now + Math.min(most, left), end: now + left };
  }

  return {
    records: (records, remainingMs) =>
      dispatchRecords(dispatching, records, patience(remainingMs, STREAM_PATIENCE_MS)),
    async due(remainingMs) {
      const result = await dispatchScheduled(
        await dispatching(),
        patience(remainingMs, SCHEDULE_PATIENCE_MS),
      );
      gauge('MessagesDue', result.counts.due);
      duration('MessagesOverdue', result.counts.overdueMs);
      gauge('MessagesUndecided', await countUndecided(table));
      return result;
    },
    async follow(remainingMs) {
      return followDue(await dispatching(), patience(remainingMs, FOLLOW_MS));
    },
  };
}
