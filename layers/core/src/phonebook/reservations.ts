import { createHash } from 'node:crypto';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { type Directory, textAttribute, type WriteAction } from '#core/directory/table.ts';
import { IF_ITEM_MISSING, ifAttributesAre } from '#core/platform/dynamodb/conditions.ts';
import { updateExpression } from '#core/platform/dynamodb/update-expression.ts';
import { GoneError } from '#core/platform/errors.ts';
import type { ReserveRequest } from './phonebook.ts';

/** A stored reservation. It is also the record of its idempotency key and of the chosen number. */
export interface ReservationRecord {
  refId: string;
  pool: string;
  /** The request, as `requestFingerprint` writes it. */
  request: string;
  numbers: string[];
  /** ISO time. */
  expiresAt: string;
  chosen?: { phoneNumber: string; userId: string };
}

/** A reservation is kept for this long after it expired, to respond to a repeated request. */
const RETENTION_SECONDS = 7 * 86_400;

export function reservationKey(refId: string) {
  return { pk: `RESERVATION#${refId}`, sk: 'RESERVATION' };
}

/** The refId of every request with this key: a UUID of version 8 from the SHA-256 of the key (RFC 9562). */
export function refIdFromKey(idempotencyKey: string): string {
  const bytes = createHash('sha256')
    .update(`phonebook reserve\u0000${idempotencyKey}`)
    .digest()
    .subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Equal requests have equal fingerprints. */
export function requestFingerprint(request: ReserveRequest): string {
  return `${request.count} of ${request.pool === 'direct' ? request.prefix : request.pool}`;
}

export async function getReservation(
  { client, table }: Directory,
  refId: string,
): Promise<ReservationRecord | undefined> {
  const { Item } = await client.send(
    new GetCommand({ TableName: table, Key: reservationKey(refId), ConsistentRead: true }),
  );
  if (!Item || !Array.isArray(Item.numbers)) return undefined;
  return {
    refId: textAttribute(Item.refId),
    pool: textAttribute(Item.pool),
    request: textAttribute(Item.request),
    numbers: Item.numbers.map(textAttribute),
    expiresAt: textAttribute(Item.expiresAt),
    ...(typeof Item.chosen === 'string'
      ? { chosen: { phoneNumber: Item.chosen, userId: textAttribute(Item.userId) } }
      : {}),
  };
}

/** Writes a new reservation only. */
export function createReservation(
  { table }: Directory,
  record: Omit<ReservationRecord, 'chosen'>,
): WriteAction {
  const ttl = Math.ceil(Date.parse(record.expiresAt) / 1_000) + RETENTION_SECONDS;
  return {
    Put: {
      TableName: table,
      Item: { ...reservationKey(record.refId), ...record, ttl },
      ...IF_ITEM_MISSING,
    },
  };
}

/** Stores the chosen number. Only one number of a reservation can be chosen. */
export function markReservationUsed(
  { table }: Directory,
  { refId }: ReservationRecord,
  { phoneNumber, userId }: { phoneNumber: string; userId: string },
): WriteAction {
  return {
    Update: {
      TableName: table,
      Key: reservationKey(refId),
      ...updateExpression({
        set: { chosen: phoneNumber, userId },
        when: ifAttributesAre({ refId, chosen: undefined }),
      }),
    },
  };
}

/** @param field the part of the request that names the reservation */
export function reservationExpiredError(field: 'refId' | 'Idempotency-Key'): GoneError {
  return new GoneError(
    'RESERVATION_EXPIRED',
    'This reservation has expired. Reserve numbers again, with a new Idempotency-Key or without one.',
    { field },
  );
}
