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
import { UnavailableError } from '#core/platform/errors.ts';
import type { Accepted } from './contract.ts';

export interface AcceptanceTables extends MessageTable {
  /** The name of IdempotencyTable. */
  idempotency: string;
  clock: Clock;
}

/** What Powertools takes and keeps. */
export type Json = Parameters<BasePersistenceLayer['getRecord']>[0];

/** What Powertools makes the id of the record of, and what it compares, both hashed with a key version. */
export type Mark = { key: string; fingerprint: string };

/** One request to accept a message. */
export interface Acceptance {
  /** Under each key version in use, the one that writes first. */
  marks: readonly [Mark, ...Mark[]];
  /** The message's item. */
  item: Record<string, unknown>;
  /** Names the request to DynamoDB, so that all attempts at it, ours and the SDK's, are one transaction. */
  token: string;
  answer: Omit<Accepted, 'duplicate'>;
}

/** Of what is a keyed hash already. */
export const HASH = 'sha256';

const ATTEMPTS = 10;

/**
 * The record of Powertools' idempotency for one request, in the format of its DynamoDB layer, with one difference: it
 * is written in the same transaction as the message, COMPLETED from the beginning. So there is never a key without its
 * message, nor a message without its key, wherever a process ends.
 */
export class AcceptanceRecord extends BasePersistenceLayer {
  readonly #tables: AcceptanceTables;
  readonly #acceptance: Acceptance;
  /** Whether the transaction was tried; without it nothing is accepted. */
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
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      try {
        await client.send(
          new TransactWriteCommand({ TransactItems, ClientRequestToken: this.#acceptance.token }),
        );
        return;
      } catch (error) {
        const refused = failedConditions(error);
        if (refused === undefined) throw error;
        if (refused.length > 0) throw this.#alreadyExists(refused, error, record);
      }
      if (attempt < ATTEMPTS) await clock.sleep(clock.random() * Math.min(500, 10 * 2 ** attempt));
    }
    throw new UnavailableError(
      'MESSAGES_BUSY',
      'The same key was used from many places at once, or DynamoDB was throttled, again and again. Try again.',
    );
  }

  /** The record of an earlier request, under whichever key version it was written. */
  protected async _getRecord(): Promise<IdempotencyRecord> {
    const { client, idempotency } = this.#tables;
    const answers = await Promise.all(
      this.ids().map((id) =>
        client.send(new GetCommand({ TableName: idempotency, Key: { id }, ConsistentRead: true })),
      ),
    );
    for (const [at, { Item }] of answers.entries()) {
      const record = this.#read(Item, at);
      if (record && !record.isExpired()) return record;
    }
    throw new IdempotencyItemNotFoundError();
  }

  /** It is COMPLETED already. */
  protected async _updateRecord(): Promise<void> {}

  /** Nothing was left behind that would have to go. */
  protected async _deleteRecord(): Promise<void> {}

  #transaction(record: IdempotencyRecord): NonNullable<TransactWriteCommandInput['TransactItems']> {
    const { idempotency, messages } = this.#tables;
    const { item, answer } = this.#acceptance;
    const unused = {
      ConditionExpression: 'attribute_not_exists(#id) OR #expiration < :now',
      ExpressionAttributeNames: { '#id': 'id', '#expiration': 'expiration' },
      // As Powertools itself counts.
      ExpressionAttributeValues: { ':now': Date.now() / 1000 },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    };
    const [newest, ...older] = this.ids();
    const Item = {
      id: newest,
      status: IdempotencyRecordStatus.COMPLETED,
      expiration: record.expiryTimestamp,
      data: answer,
      validation: record.payloadHash,
    };
    return [
      { Put: { TableName: idempotency, Item, ...unused } },
      { Put: { TableName: messages, Item: item } },
      // While keys rotate, a request may have been carried out under the other version.
      ...older.map((id) => ({ ConditionCheck: { TableName: idempotency, Key: { id }, ...unused } })),
    ];
  }

  /** The answer of an earlier request with the same content among these rows, by their ids. */
  answerAmong(rows: ReadonlyMap<unknown, Record<string, unknown>>): Acceptance['answer'] | undefined {
    const fingerprint = powertoolsHash(this.#acceptance.marks[0].fingerprint);
    const found = this.ids()
      .map((id, at) => this.#read(rows.get(id), at))
      .find((record) => record && !record.isExpired());
    if (found?.payloadHash !== fingerprint) return undefined;
    return found.responseData as unknown as Acceptance['answer'];
  }

  /** The rows that may tell of an earlier request. */
  ids(): string[] {
    return this.#acceptance.marks.map((mark) => this.getHashedIdempotencyKey(mark as Json));
  }

  #alreadyExists(
    refused: readonly number[],
    error: unknown,
    { idempotencyKey }: IdempotencyRecord,
  ): IdempotencyItemAlreadyExistsError {
    const { CancellationReasons: reasons = [] } = error as {
      CancellationReasons?: { Item?: Parameters<typeof unmarshall>[0] }[];
    };
    const position = refused[0] ?? 0;
    const raw = reasons[position]?.Item;
    // The records stand at 0 and from 2 on, the message at 1.
    const found = raw && this.#read(unmarshall(raw), position === 0 ? 0 : position - 1);
    // Without the item, Powertools reads it.
    return new IdempotencyItemAlreadyExistsError(`${idempotencyKey} was used before.`, found);
  }

  /** Under an older key version the same content has another fingerprint; Powertools compares with the newest. */
  #read(item: Record<string, unknown> | undefined, at: number): IdempotencyRecord | undefined {
    if (!item) return undefined;
    const { id, status, expiration, data, validation } = item;
    const { marks } = this.#acceptance;
    const same = validation === powertoolsHash(marks[at]?.fingerprint);
    return new IdempotencyRecord({
      idempotencyKey: String(id),
      status: status as 'COMPLETED',
      expiryTimestamp: Number(expiration),
      responseData: data as Json,
      payloadHash: same ? powertoolsHash(marks[0].fingerprint) : String(validation),
    });
  }
}

/** As the base class hashes what it compares. */
function powertoolsHash(payload: unknown): string {
  return createHash(HASH)
    .update(JSON.stringify(payload ?? null))
    .digest('base64');
}
