import {
  IdempotencyConfig,
  IdempotencyInconsistentStateError,
  IdempotencyItemNotFoundError,
  IdempotencyPersistenceLayerError,
  IdempotencyValidationError,
  makeIdempotent,
} from '@aws-lambda-powertools/idempotency';
import type { Context } from 'aws-lambda';
import { readItems } from '#core/messages/table.ts';
import { chunks } from '#core/platform/chunks.ts';
import {
  asUnavailable,
  ConfigurationError,
  UnavailableError,
  UnprocessableError,
} from '#core/platform/errors.ts';
import { type Acceptance, AcceptanceRecord, type AcceptanceTables, HASH, type Json } from './record.ts';

type Answer = Acceptance['answer'];

export interface Idempotency {
  /**
   * Writes a message and its key.
   *
   * @returns the answer of the request that wrote them first, this one or an earlier one
   * @throws {UnprocessableError} `IDEMPOTENCY_KEY_REUSED`
   * @throws {UnavailableError}
   */
  once(acceptance: Acceptance): Promise<Answer>;
  /**
   * The answer of an earlier request with the same key and content, if there was one.
   *
   * @throws {UnprocessableError} `IDEMPOTENCY_KEY_REUSED`
   * @throws {UnavailableError}
   */
  earlier(acceptance: Acceptance): Promise<Answer | undefined>;
  /**
   * The same for many at once, by one read for a hundred. Where a key stands for another content there is none.
   *
   * @throws {UnavailableError}
   */
  earlierOf(acceptances: readonly Acceptance[]): Promise<(Answer | undefined)[]>;
}

/**
 * Powertools' idempotency around the one transaction that accepts a message.
 *
 * @param keepSeconds how long a key is remembered
 */
export function createIdempotency(tables: AcceptanceTables, keepSeconds: number): Idempotency {
  const config = new IdempotencyConfig({
    eventKeyJmesPath: 'key',
    payloadValidationJmesPath: 'fingerprint',
    throwOnNoIdempotencyKey: true,
    expiresAfterSeconds: keepSeconds,
    hashFunction: HASH,
  });
  // A record is never in progress, so there is no time at which that would end; Powertools wants one all the same.
  config.registerLambdaContext({ getRemainingTimeInMillis: () => 1 } as Context);
  const keyPrefix = 'sms';
  const table = { client: tables.client, messages: tables.idempotency };

  function recordOf(acceptance: Acceptance): AcceptanceRecord {
    const record = new AcceptanceRecord(tables, acceptance);
    record.configure({ config, keyPrefix });
    return record;
  }

  return {
    async once(acceptance) {
      const record = new AcceptanceRecord(tables, acceptance);
      const accept = makeIdempotent(
        async (_: Json) => {
          if (!record.attempted) throw switchedOff();
          return acceptance.answer;
        },
        { persistenceStore: record, config, keyPrefix },
      );
      return translated(() => accept(acceptance.marks[0]));
    },

    async earlier(acceptance) {
      try {
        const found = await translated(() => recordOf(acceptance).getRecord(acceptance.marks[0]));
        return found.getResponse() as unknown as Answer;
      } catch (error) {
        if (error instanceof IdempotencyItemNotFoundError) return undefined;
        throw error;
      }
    },

    async earlierOf(acceptances) {
      const records = acceptances.map(recordOf);
      const ids = new Set(records.flatMap((record) => record.ids()));
      const rows = new Map<unknown, Record<string, unknown>>();
      for (const part of chunks([...ids], KEYS_A_READ)) {
        const keys = part.map((id) => ({ id }));
        for (const row of await readItems(table, keys, { ConsistentRead: true })) rows.set(row.id, row);
      }
      return records.map((record) => record.answerAmong(rows));
    },
  };
}

/** BatchGetItem takes so many keys. */
const KEYS_A_READ = 100;

/** Powertools' errors as ours. */
async function translated<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await asUnavailable('MessagesTable', call());
  } catch (error) {
    if (error instanceof IdempotencyValidationError) throw reused();
    if (error instanceof IdempotencyInconsistentStateError) throw busy(error);
    if (!(error instanceof IdempotencyPersistenceLayerError)) throw error;
    return asUnavailable('MessagesTable', Promise.reject(error.cause));
  }
}

function reused(): UnprocessableError {
  return new UnprocessableError(
    'IDEMPOTENCY_KEY_REUSED',
    'This idempotency key stands for another message: another content, sender or recipient. Nothing was accepted; give this message a key of its own.',
    { field: 'idempotencyKey' },
  );
}

function busy(cause: unknown): UnavailableError {
  return new UnavailableError('UNAVAILABLE', 'The key expired at this very moment. Try again.', { cause });
}

/** With POWERTOOLS_IDEMPOTENCY_DISABLED nothing would be written, and yet said to be accepted. */
function switchedOff(): ConfigurationError {
  return new ConfigurationError(
    'IDEMPOTENCY_DISABLED',
    'POWERTOOLS_IDEMPOTENCY_DISABLED is set; without idempotency no message is accepted.',
  );
}
