import { randomUUID } from 'node:crypto';
import { EXTENSION_POOL } from '#core/directory/numbers.ts';
import { readPoolRange } from '#core/directory/pool.ts';
import { directoryBusyError, type WriteAction, writeActionsOnce } from '#core/directory/table.ts';
import { changeNumberState } from '#core/directory/transitions.ts';
import { CONFLICT, retryOnConflict } from '#core/platform/dynamodb/retry-on-conflict.ts';
import { ConflictError, NotFoundError, UnprocessableError } from '#core/platform/errors.ts';
import { count } from '#core/platform/observability.ts';
import { jitteredBackoff } from '#core/platform/resilience/backoff.ts';
import { createFreeNumberSearch, type FreeNumber, type NumberRange } from './free-numbers.ts';
import type { Phonebook, PhonebookContext, Reservation, ReserveRequest } from './phonebook.ts';
import {
  createReservation,
  getReservation,
  type ReservationRecord,
  refIdFromKey,
  requestFingerprint,
  reservationExpiredError,
} from './reservations.ts';

/** A reservation that loses numbers this often has met very many others. */
const MAX_ATTEMPTS = 50;
/** Conflicts with concurrent writes to the same items. */
const MAX_CONFLICTS = 8;
const BACKOFF = { firstMs: 40, maxMs: 2_560 };

type Search = ReturnType<typeof createFreeNumberSearch>;

/** Creates `reserveNumbers`, which remembers the first and the last number of each large range. */
export function createReserveNumbers(ctx: PhonebookContext): Phonebook['reserveNumbers'] {
  const search = createFreeNumberSearch(ctx.directory, ctx.clock);
  return async function reserveNumbers(request) {
    const { idempotencyKey } = request;
    if (idempotencyKey === undefined) return reserve(ctx, search, request, randomUUID());
    const refId = refIdFromKey(idempotencyKey);
    const stored = await getReservation(ctx.directory, refId);
    return stored ? repeatResponse(ctx, request, stored) : reserve(ctx, search, request, refId);
  };
}

/** Writes the reservation and its numbers in one transaction. Numbers that another request took are replaced. */
async function reserve(
  ctx: PhonebookContext,
  search: Search,
  request: ReserveRequest,
  refId: string,
): Promise<Reservation> {
  const { directory, clock } = ctx;
  const range: NumberRange = request.pool === 'direct' ? request : { pool: request.pool, prefix: '' };
  const isInRange = await readRangeCheck(ctx, range);
  const lost = new Set<string>();
  let kept: FreeNumber[] = [];
  let conflicts = 0;
  const outcome = await retryOnConflict(MAX_ATTEMPTS, async () => {
    const isFree = (number: string) => isInRange(number) && !lost.has(number);
    const numbers = await collectNumbers(search.findNumbers(range), request.count, kept, isFree);
    if (numbers.length === 0) throw await noNumbersError(search, range);
    const reservation = toRecord(ctx, request, refId, numbers);
    const failed = await writeActionsOnce(directory, [
      createReservation(directory, reservation),
      ...numbers.map((number) => reserveNumber(ctx, number, reservation)),
    ]);
    if (failed === CONFLICT) {
      conflicts += 1;
      if (conflicts === MAX_CONFLICTS) throw directoryBusyError();
      kept = [];
      await clock.sleep(jitteredBackoff(conflicts, BACKOFF, clock));
      return CONFLICT;
    }
    if (failed.length === 0) {
      count('NumbersReserved', numbers.length);
      return toResponse(reservation);
    }
    // Another request used the same key, or this request wrote the reservation and its response was lost.
    const stored = failed.includes(0) ? await getReservation(directory, refId) : undefined;
    if (stored) return repeatResponse(ctx, request, stored);
    kept = numbers.filter((_, position) => !failed.includes(position + 1));
    for (const { number } of numbers) if (!kept.some((other) => other.number === number)) lost.add(number);
    return CONFLICT;
  });
  if (outcome === CONFLICT) throw directoryBusyError();
  return outcome;
}

async function collectNumbers(
  candidates: AsyncIterable<FreeNumber>,
  count: number,
  kept: FreeNumber[],
  isFree: (number: string) => boolean,
): Promise<FreeNumber[]> {
  if (kept.length >= count) return kept;
  const collected = new Map(kept.map((number) => [number.number, number]));
  for await (const candidate of candidates) {
    if (!isFree(candidate.number) || collected.has(candidate.number)) continue;
    collected.set(candidate.number, candidate);
    if (collected.size === count) break;
  }
  return [...collected.values()];
}

/** Extensions outside the range cannot be reserved. The sync removes them from the pool. */
async function readRangeCheck(
  { directory }: PhonebookContext,
  { pool }: NumberRange,
): Promise<(number: string) => boolean> {
  if (pool !== EXTENSION_POOL) return () => true;
  const { ranges } = await readPoolRange(directory);
  return (number) => ranges === undefined || ranges.includes(number);
}

function toRecord(
  { clock, reservationMs }: PhonebookContext,
  request: ReserveRequest,
  refId: string,
  numbers: FreeNumber[],
): ReservationRecord {
  return {
    refId,
    pool: request.pool,
    request: requestFingerprint(request),
    numbers: numbers.map(({ number }) => number).sort(),
    expiresAt: new Date(clock.now() + reservationMs).toISOString(),
  };
}

function reserveNumber(
  { directory }: PhonebookContext,
  number: FreeNumber,
  { refId, expiresAt }: ReservationRecord,
): WriteAction {
  return changeNumberState(directory, number, { state: 'RESERVED', dueAt: expiresAt, reservationId: refId });
}

function toResponse({ refId, numbers, expiresAt }: ReservationRecord): Reservation {
  return { refId, phoneNumbers: numbers, expiresAt };
}

/** Responds with the reservation that an earlier request with the same key made. */
function repeatResponse(
  { clock }: PhonebookContext,
  request: ReserveRequest,
  stored: ReservationRecord,
): Reservation {
  if (stored.request !== requestFingerprint(request)) {
    throw new UnprocessableError(
      'IDEMPOTENCY_KEY_REUSED',
      'An earlier request with other parameters used this idempotency key. Use a new key for a new reservation.',
      { field: 'Idempotency-Key' },
    );
  }
  if (stored.chosen) {
    throw new ConflictError(
      'RESERVATION_USED',
      `The number ${stored.chosen.phoneNumber} of this reservation was assigned to the user ${stored.chosen.userId}, and the ` +
        'other numbers were freed. Reserve numbers with a new Idempotency-Key.',
      { field: 'Idempotency-Key' },
    );
  }
  if (Date.parse(stored.expiresAt) <= clock.now()) throw reservationExpiredError('Idempotency-Key');
  return toResponse(stored);
}

async function noNumbersError(search: Search, range: NumberRange): Promise<Error> {
  if (await search.hasNumbers(range)) {
    return new ConflictError(
      'NO_NUMBERS_AVAILABLE',
      'None of these numbers is unused. Try again later, or add numbers.',
    );
  }
  return range.pool === EXTENSION_POOL
    ? new NotFoundError(
        'NUMBERS_NOT_FOUND',
        'The directory has no extensions yet. The first sync adds them.',
        {
          field: 'pool',
        },
      )
    : new NotFoundError(
        'NUMBERS_NOT_FOUND',
        `The directory has no direct numbers that begin with ${range.prefix}.`,
        { field: 'areaCode' },
      );
}
