import { randomUUID } from 'node:crypto';
import { EXTENSION_POOL } from '#core/directory/numbers.ts';
import { readPoolRange } from '#core/directory/pool.ts';
import { directoryBusyError, type WriteAction, writeActionsOnce } from '#core/directory/table.ts';
import { changeNumberState } from '#core/directory/transitions.ts';
import { ConflictError, NotFoundError, UnprocessableError } from '#core/platform/errors.ts';
import { count } from '#core/platform/observability.ts';
import { createFreeNumberSearch, type FreeNumber, type NumberRange } from './free-numbers.ts';
import type { Phonebook, PhonebookContext, Reservation, ReserveRequest } from './phonebook.ts';
import {
  createReservation,
  describeRequest,
  getReservation,
  type ReservationRecord,
  refIdFromKey,
  reservationExpired,
} from './reservations.ts';

/** A reservation that loses so often has met a storm of others. */
const ATTEMPTS = 50;
const BUSY_ATTEMPTS = 8;

type Search = ReturnType<typeof createFreeNumberSearch>;

/** Makes `reserve`; it remembers between which numbers a pool lies. */
export function createReserveNumbers(work: PhonebookContext): Phonebook['reserveNumbers'] {
  const search = createFreeNumberSearch(work.directory, work.clock);
  return async function reserve(request) {
    const { idempotencyKey } = request;
    if (idempotencyKey === undefined) return take(work, search, request, randomUUID());
    const refId = refIdFromKey(idempotencyKey);
    const known = await getReservation(work.directory, refId);
    return known ? answerAgain(work, request, known) : take(work, search, request, refId);
  };
}

/** One transaction writes the reservation and its numbers. What somebody else was quicker to take is replaced. */
async function take(
  work: PhonebookContext,
  search: Search,
  request: ReserveRequest,
  refId: string,
): Promise<Reservation> {
  const { directory, clock } = work;
  const section: NumberRange = request.pool === 'direct' ? request : { pool: request.pool, prefix: '' };
  const inRange = await readInRange(work, section);
  const lost = new Set<string>();
  let kept: FreeNumber[] = [];
  for (let attempt = 1, met = 0; attempt <= ATTEMPTS && met < BUSY_ATTEMPTS; attempt += 1) {
    const free = (number: string) => inRange(number) && !lost.has(number);
    const numbers = await collect(search.pass(section), request.count, kept, free);
    if (numbers.length === 0) throw await nothingLeft(search, section);
    const reservation = describe(work, request, refId, numbers);
    const failed = await writeActionsOnce(directory, [
      createReservation(directory, reservation),
      ...numbers.map((number) => reserveNumber(work, number, reservation)),
    ]);
    if (failed === 'CONFLICT') {
      met += 1;
      kept = [];
      if (met < BUSY_ATTEMPTS) await clock.sleep(clock.random() * 20 * 2 ** met);
      continue;
    }
    if (failed.length === 0) {
      count('NumbersReserved', numbers.length);
      return answer(reservation);
    }
    // Somebody used the same key at the same time, or this is our own, whose answer was lost.
    const known = failed.includes(0) ? await getReservation(directory, refId) : undefined;
    if (known) return answerAgain(work, request, known);
    kept = numbers.filter((_, position) => !failed.includes(position + 1));
    for (const { number } of numbers) if (!kept.some((other) => other.number === number)) lost.add(number);
  }
  throw directoryBusyError();
}

async function collect(
  pass: AsyncIterable<FreeNumber>,
  count: number,
  kept: FreeNumber[],
  free: (number: string) => boolean,
): Promise<FreeNumber[]> {
  const wanted = new Map(kept.map((number) => [number.number, number]));
  if (wanted.size >= count) return kept;
  for await (const candidate of pass) {
    if (!free(candidate.number) || wanted.has(candidate.number)) continue;
    wanted.set(candidate.number, candidate);
    if (wanted.size === count) break;
  }
  return [...wanted.values()];
}

/** An extension that the range no longer contains is not handed out; the sync takes it out of the pool. */
async function readInRange(
  { directory }: PhonebookContext,
  { pool }: NumberRange,
): Promise<(number: string) => boolean> {
  if (pool !== EXTENSION_POOL) return () => true;
  const { ranges } = await readPoolRange(directory);
  return (number) => ranges === undefined || ranges.includes(number);
}

function describe(
  { clock, reservationMs }: PhonebookContext,
  request: ReserveRequest,
  refId: string,
  numbers: FreeNumber[],
): ReservationRecord {
  return {
    refId,
    pool: request.pool,
    request: describeRequest(request),
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

function answer({ refId, numbers, expiresAt }: ReservationRecord): Reservation {
  return { refId, phoneNumbers: numbers, expiresAt };
}

/** The reservation that the same key made before. */
function answerAgain(
  { clock }: PhonebookContext,
  request: ReserveRequest,
  known: ReservationRecord,
): Reservation {
  if (known.request !== describeRequest(request)) {
    throw new UnprocessableError(
      'IDEMPOTENCY_KEY_REUSED',
      'This idempotency key came with another request before. Use a new key for a new reservation.',
      { field: 'Idempotency-Key' },
    );
  }
  if (known.chosen) {
    throw new ConflictError(
      'RESERVATION_USED',
      `A number of this reservation was chosen: ${known.chosen.phoneNumber}, for the user ${known.chosen.userId}. The ` +
        'others are free again. Reserve with a new Idempotency-Key.',
      { field: 'Idempotency-Key' },
    );
  }
  if (Date.parse(known.expiresAt) <= clock.now()) throw reservationExpired('Idempotency-Key');
  return answer(known);
}

async function nothingLeft(search: Search, section: NumberRange): Promise<Error> {
  if (await search.hasNumbers(section)) {
    return new ConflictError('NONE_LEFT', 'All of these numbers are taken. Try again later, or add numbers.');
  }
  return section.pool === EXTENSION_POOL
    ? new NotFoundError('NO_SUCH_POOL', 'There are no extensions yet. The first sync makes them.', {
        field: 'pool',
      })
    : new NotFoundError(
        'NO_SUCH_POOL',
        `The directory has no direct numbers that begin with ${section.prefix}.`,
        {
          field: 'areaCode',
        },
      );
}
