import { createHash } from 'node:crypto';
import {
  IdempotencyItemAlreadyExistsError,
  IdempotencyItemNotFoundError,
  IdempotencyRecordStatus,
} from '@aws-lambda-powertools/idempotency';
import { BasePersistenceLayer, IdempotencyRecord } from '@aws-lambda-powertools/idempotency/persistence';
import { GetCommand, TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { MessageTable } from '#core/messages/table.ts';
import type { Clock } from '#core/platform/clock.ts';
import { failedConditions } from '#core/platform/dynamodb/conditions.ts';
import { CONFLICT, retryOnConflict } from '#core/platform/dynamodb/retry-on-conflict.ts';
import { UnavailableError } from '#core/platform/errors.ts';
import { jitteredBackoff } from '#core/platform/resilience/backoff.ts';
import type { Accepted } from './accept-request.ts';

export interface AcceptanceTables extends MessageTable {
  /** The name of IdempotencyTable. */
  idempotency: string;
  clock: Clock;
}

/** The JSON value that Powertools takes and stores. */
export type IdempotencyJson = Parameters<BasePersistenceLayer['getRecord']>[0];

/** Powertools derives the ID of the record from `key`, and compares `fingerprint`. Both are hashes under a key version. */
export type IdempotencyKey = { key: string; fingerprint: string };

/** One request to accept a message. */
export interface Acceptance {
  /** The key under each key version in use. The first one is written. */
  keys: readonly [IdempotencyKey, ...IdempotencyKey[]];
  /** The item of the message. */
  item: Record<string, unknown>;
  /** The client request token of DynamoDB: all attempts of one request, also those of the SDK, are one transaction. */
  clientToken: string;
  response: Omit<Accepted, 'duplicate'>;
}

/** Hashes what is a keyed hash already. */
export const HASH_ALGORITHM = 'sha256';

const MAX_TRANSACTION_ATTEMPTS = 10;
const BACKOFF = { firstMs: 20, maxMs: 500 };

/**
 * The idempotency record of one request, in the format of the DynamoDB layer of Powertools, with one difference: it is
 * written in the same transaction as the message, with the status COMPLETED. So a key without its message, or a message
 * without its key, never exists, wherever a process ends.
 */
export class AcceptanceRecord extends BasePersistenceLayer {
  readonly #tables: AcceptanceTables;
  readonly #acceptance: Acceptance;
  /** Whether the transaction was attempted. Without it, nothing is accepted. */
  attempted = false;

  constructor(tables: AcceptanceTables, acceptance: Acceptance) {
    super();
    this.#tables = tables;
    this.#acceptance = acceptance;
  }

  /** @throws {IdempotencyItemAlreadyExistsError} when the key was used before */
  protected async _putRecord(record: IdempotencyRecord): Promise<void> {
    this.attempted = true;
    const TransactItems = this.#transaction(record);
    const { client, clock } = this.#tables;
    const outcome = await retryOnConflict(
      MAX_TRANSACTION_ATTEMPTS,
      async () => {
        try {
          await client.send(
            new TransactWriteCommand({ TransactItems, ClientRequestToken: this.#acceptance.clientToken }),
          );
          return 'WRITTEN';
        } catch (error) {
          const failed = failedConditions(error);
          if (failed === undefined) throw error;
          if (failed.length > 0) throw this.#alreadyExists(failed, error, record);
          return CONFLICT;
        }
      },
      (attempt) => clock.sleep(jitteredBackoff(attempt, BACKOFF, clock)),
    );
    if (outcome !== CONFLICT) return;
    throw new UnavailableError(
      'MESSAGES_BUSY',
      'The message could not be written: write conflict or throttling; retry with the same key.',
    );
  }

  /** Returns the record of an earlier request, under any key version. */
  protected async _getRecord(): Promise<IdempotencyRecord> {
    const { client, idempotency } = this.#tables;
    const rows = await Promise.all(
      this.recordIds().map((id) =>
        client.send(new GetCommand({ TableName: idempotency, Key: { id }, ConsistentRead: true })),
      ),
    );
    for (const [at, { Item }] of rows.entries()) {
      const record = this.#toRecord(Item, at);
      if (record && !record.isExpired()) return record;
    }
    throw new IdempotencyItemNotFoundError();
  }

  /** The record is COMPLETED already. */
  protected async _updateRecord(): Promise<void> {}

  /** A failed request leaves no record. */
  protected async _deleteRecord(): Promise<void> {}

  #transaction(record: IdempotencyRecord): NonNullable<TransactWriteCommandInput['TransactItems']> {
    const { idempotency, messages } = this.#tables;
    const { item, response } = this.#acceptance;
    const unused = {
      ConditionExpression: 'attribute_not_exists(#id) OR #expiration < :now',
      ExpressionAttributeNames: { '#id': 'id', '#expiration': 'expiration' },
      // In seconds, as Powertools stores it.
      ExpressionAttributeValues: { ':now': Date.now() / 1000 },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    };
    const [newest, ...older] = this.recordIds();
    const Item = {
      id: newest,
      status: IdempotencyRecordStatus.COMPLETED,
      expiration: record.expiryTimestamp,
      data: response,
      validation: record.payloadHash,
    };
    return [
      { Put: { TableName: idempotency, Item, ...unused } },
      { Put: { TableName: messages, Item: item } },
      // During a key rotation, the request may have been accepted under an older version.
      ...older.map((id) => ({ ConditionCheck: { TableName: idempotency, Key: { id }, ...unused } })),
    ];
  }

  /** Returns the response to an earlier request with the same content, from rows by their IDs. */
  findResponse(rows: ReadonlyMap<unknown, Record<string, unknown>>): Acceptance['response'] | undefined {
    const fingerprint = powertoolsHash(this.#acceptance.keys[0].fingerprint);
    const found = this.recordIds()
      .map((id, at) => this.#toRecord(rows.get(id), at))
      .find((record) => record && !record.isExpired());
    if (found?.payloadHash !== fingerprint) return undefined;
    return found.responseData as unknown as Acceptance['response'];
  }

  /** The IDs of the rows that an earlier request may have written. */
  recordIds(): string[] {
    return this.#acceptance.keys.map((key) => this.getHashedIdempotencyKey(key as IdempotencyJson));
  }

  #alreadyExists(
    failed: readonly number[],
    error: unknown,
    { idempotencyKey }: IdempotencyRecord,
  ): IdempotencyItemAlreadyExistsError {
    const { CancellationReasons: reasons = [] } = error as {
      CancellationReasons?: { Item?: Parameters<typeof unmarshall>[0] }[];
    };
    const position = failed[0] ?? 0;
    const raw = reasons[position]?.Item;
    // The records are at 0 and from 2 on; the message is at 1.
    const found = raw && this.#toRecord(unmarshall(raw), position === 0 ? 0 : position - 1);
    // Powertools reads a record that is missing here.
    return new IdempotencyItemAlreadyExistsError(
      `The idempotency key ${idempotencyKey} was used before.`,
      found,
    );
  }

  /** Under an older key version, the same content has another fingerprint. Powertools compares with the newest one. */
  #toRecord(item: Record<string, unknown> | undefined, at: number): IdempotencyRecord | undefined {
    if (!item) return undefined;
    const { id, status, expiration, data, validation } = item;
    const { keys } = this.#acceptance;
    const same = validation === powertoolsHash(keys[at]?.fingerprint);
    return new IdempotencyRecord({
      idempotencyKey: String(id),
      status: status as 'COMPLETED',
      expiryTimestamp: Number(expiration),
      responseData: data as IdempotencyJson,
      payloadHash: same ? powertoolsHash(keys[0].fingerprint) : String(validation),
    });
  }
}

/** The hash of the base class of Powertools. */
function powertoolsHash(payload: unknown): string {
  return createHash(HASH_ALGORITHM)
    .update(JSON.stringify(payload ?? null))
    .digest('base64');
}
