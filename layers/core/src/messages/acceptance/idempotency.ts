import {
  IdempotencyConfig,
  IdempotencyInconsistentStateError,
  IdempotencyItemNotFoundError,
  IdempotencyPersistenceLayerError,
  IdempotencyValidationError,
  makeIdempotent,
} from '@aws-lambda-powertools/idempotency';
import type { Context } from 'aws-lambda';
import { callMessagesTable } from '#core/messages/table.ts';
import { batchGet } from '#core/platform/dynamodb/batch.ts';
import {
  asUnavailable,
  ConfigurationError,
  UnavailableError,
  UnprocessableError,
} from '#core/platform/errors.ts';
import {
  type Acceptance,
  AcceptanceRecord,
  type AcceptanceTables,
  HASH_ALGORITHM,
  type IdempotencyJson,
} from './idempotency-record.ts';

type AcceptResponse = Acceptance['response'];

export interface Idempotency {
  /**
   * Writes a message and its key.
   *
   * @returns the response to the request that wrote them first: this one or an earlier one
   * @throws {UnprocessableError} `IDEMPOTENCY_KEY_REUSED`
   * @throws {UnavailableError}
   */
  acceptOnce(acceptance: Acceptance): Promise<AcceptResponse>;
  /**
   * Returns the response to an earlier request with the same key and content; undefined when there was none.
   *
   * @throws {UnprocessableError} `IDEMPOTENCY_KEY_REUSED`
   * @throws {UnavailableError}
   */
  findDuplicate(acceptance: Acceptance): Promise<AcceptResponse | undefined>;
  /**
   * The same for many requests, with one read for 100. Undefined also when a key belongs to another content.
   *
   * @throws {UnavailableError}
   */
  findDuplicates(acceptances: readonly Acceptance[]): Promise<(AcceptResponse | undefined)[]>;
}

/**
 * Wraps the transaction that accepts a message in the idempotency of Powertools.
 *
 * @param keyRetentionSeconds how long a key is stored
 */
export function createIdempotency(tables: AcceptanceTables, keyRetentionSeconds: number): Idempotency {
  const config = new IdempotencyConfig({
    eventKeyJmesPath: 'key',
    payloadValidationJmesPath: 'fingerprint',
    throwOnNoIdempotencyKey: true,
    expiresAfterSeconds: keyRetentionSeconds,
    hashFunction: HASH_ALGORITHM,
  });
  // Powertools requires a remaining time for a record in progress. These records never are in progress.
  config.registerLambdaContext({ getRemainingTimeInMillis: () => 1 } as Context);
  const keyPrefix = 'sms';

  function recordOf(acceptance: Acceptance): AcceptanceRecord {
    const record = new AcceptanceRecord(tables, acceptance);
    record.configure({ config, keyPrefix });
    return record;
  }

  return {
    async acceptOnce(acceptance) {
      const record = new AcceptanceRecord(tables, acceptance);
      const accept = makeIdempotent(
        async (_: IdempotencyJson) => {
          if (!record.attempted) throw idempotencyDisabledError();
          return acceptance.response;
        },
        { persistenceStore: record, config, keyPrefix },
      );
      return translateErrors(() => accept(acceptance.keys[0]));
    },

    async findDuplicate(acceptance) {
      try {
        const found = await translateErrors(() => recordOf(acceptance).getRecord(acceptance.keys[0]));
        return found.getResponse() as unknown as AcceptResponse;
      } catch (error) {
        if (error instanceof IdempotencyItemNotFoundError) return undefined;
        throw error;
      }
    },

    async findDuplicates(acceptances) {
      const records = acceptances.map(recordOf);
      const ids = new Set(records.flatMap((record) => record.recordIds()));
      const items = await batchGet(
        tables.client,
        tables.idempotency,
        [...ids].map((id) => ({ id })),
        { ConsistentRead: true, call: callMessagesTable },
      );
      const rows = new Map<unknown, Record<string, unknown>>(items.map((item) => [item.id, item]));
      return records.map((record) => record.findResponse(rows));
    },
  };
}

/** Turns the errors of Powertools into errors of Switchboard. */
async function translateErrors<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await asUnavailable('MessagesTable', call());
  } catch (error) {
    if (error instanceof IdempotencyValidationError) throw keyReusedError();
    if (error instanceof IdempotencyInconsistentStateError) throw keyExpiredError(error);
    if (!(error instanceof IdempotencyPersistenceLayerError)) throw error;
    return asUnavailable('MessagesTable', Promise.reject(error.cause));
  }
}

function keyReusedError(): UnprocessableError {
  return new UnprocessableError(
    'IDEMPOTENCY_KEY_REUSED',
    'This idempotency key belongs to another message, with another content, sender, or recipient. Nothing was accepted. Send this message with a new key.',
    { field: 'idempotencyKey' },
  );
}

function keyExpiredError(cause: unknown): UnavailableError {
  return new UnavailableError('UNAVAILABLE', 'The idempotency key expired during the request; retry.', {
    cause,
  });
}

/** With POWERTOOLS_IDEMPOTENCY_DISABLED, a message would be reported as accepted without being written. */
function idempotencyDisabledError(): ConfigurationError {
  return new ConfigurationError(
    'IDEMPOTENCY_DISABLED',
    'POWERTOOLS_IDEMPOTENCY_DISABLED is set, so messages cannot be accepted. Remove the variable from the function.',
  );
}
