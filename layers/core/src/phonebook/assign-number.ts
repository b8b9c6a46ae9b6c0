import { detailsOf, ownerOf, setDirectNumber, updateAgent } from '#core/directory/agent-actions.ts';
import { type Agent, agentFromItem, agentKey, extensionOf, heldNumber } from '#core/directory/agents.ts';
import { replaceNameRows } from '#core/directory/name-rows.ts';
import {
  DIRECT_POOL,
  type DirectoryNumber,
  EXTENSION_POOL,
  getNumber,
  numberFromItem,
  numberKey,
} from '#core/directory/numbers.ts';
import { readPoolRange } from '#core/directory/pool.ts';
import { PREFERRED_EXTENSION_TAG, preferredExtensionOf } from '#core/directory/preferred-extension.ts';
import { markExportDue } from '#core/directory/sync-state.ts';
import {
  type Directory,
  directoryBusyError,
  readDirectoryItems,
  type WriteAction,
  writeActions,
} from '#core/directory/table.ts';
import {
  changeNumberState,
  ifRangeUnchanged,
  planRelease,
  releaseNumber,
  removeNumber,
} from '#core/directory/transitions.ts';
import { isoNow } from '#core/platform/clock.ts';
import { CONFLICT, retryOnConflict } from '#core/platform/dynamodb/retry-on-conflict.ts';
import { ConflictError, NotFoundError } from '#core/platform/errors.ts';
import type { AssignRequest, PhonebookContext } from './phonebook.ts';
import {
  getReservation,
  markReservationUsed,
  type ReservationRecord,
  reservationExpiredError,
} from './reservations.ts';

const MAX_ATTEMPTS = 8;

export async function assignReservedNumber(ctx: PhonebookContext, request: AssignRequest): Promise<void> {
  const { directory, clock } = ctx;
  const reservation = await retryOnConflict(MAX_ATTEMPTS, async () => {
    const reservation = await readReservation(ctx, request);
    const done = reservation.chosen !== undefined || (await assignOnce(ctx, request, reservation));
    return done ? reservation : CONFLICT;
  });
  if (reservation === CONFLICT) throw directoryBusyError();
  // Also when nothing changed, because an earlier call may have ended between the change and this mark.
  if (reservation.pool === EXTENSION_POOL) {
    await markExportDue(directory, isoNow(clock));
  }
}

/** @returns a reservation without a chosen number, or with the requested number and user */
async function readReservation(
  { directory, clock }: PhonebookContext,
  { refId, phoneNumber, userId }: AssignRequest,
): Promise<ReservationRecord> {
  const reservation = await getReservation(directory, refId);
  if (!reservation) {
    throw new NotFoundError('RESERVATION_NOT_FOUND', 'This reservation does not exist.', { field: 'refId' });
  }
  if (!reservation.numbers.includes(phoneNumber)) {
    throw new NotFoundError('NUMBER_NOT_IN_RESERVATION', 'The reservation does not contain this number.', {
      field: 'phoneNumber',
    });
  }
  const { chosen, expiresAt } = reservation;
  if (chosen && (chosen.phoneNumber !== phoneNumber || chosen.userId !== userId)) {
    throw new ConflictError(
      'RESERVATION_USED',
      'This reservation was used for another number or another user. Reserve numbers again.',
      { field: 'refId' },
    );
  }
  if (!chosen && Date.parse(expiresAt) <= clock.now()) throw reservationExpiredError('refId');
  return reservation;
}

/** @returns false when the write met a conflict, so that everything must be read again */
async function assignOnce(
  ctx: PhonebookContext,
  { userId, phoneNumber, replace }: AssignRequest,
  reservation: ReservationRecord,
): Promise<boolean> {
  const { directory } = ctx;
  const { refId, pool, numbers } = reservation;
  const items = await readDirectoryItems(directory, [agentKey(userId), ...numbers.map(numberKey)]);
  const agent = agentFromItem(items.get(agentKey(userId).pk));
  if (!agent) {
    throw new NotFoundError('USER_NOT_FOUND', 'The directory does not have this user.', { field: 'userId' });
  }
  if (pool === EXTENSION_POOL) checkPreferredExtension(agent, phoneNumber);
  const current = await readCurrentNumber(directory, agent, pool);
  if (current !== undefined && !replace) {
    throw new ConflictError(
      'USER_HAS_NUMBER',
      `The user has the number ${current}. Send "replace": true to release it and assign the new number.`,
      { field: 'userId' },
    );
  }
  const records = numbers.flatMap((number) => numberFromItem(items.get(numberKey(number).pk)) ?? []);
  const reserved = records.filter(
    (record): record is ReservedNumber => record.state === 'RESERVED' && record.reservationId === refId,
  );
  if (!reserved.some(({ number }) => number === phoneNumber)) {
    await explainMissingNumber(
      directory,
      reservation,
      records.find(({ number }) => number === phoneNumber),
    );
    return false;
  }
  const assignment = { agent, current, phoneNumber, reserved };
  const actions = [
    markReservationUsed(directory, reservation, { phoneNumber, userId }),
    ...(pool === EXTENSION_POOL
      ? await buildExtensionAssignment(ctx, assignment)
      : buildDirectAssignment(ctx, assignment)),
  ];
  return (await writeActions(directory, actions)).length === 0;
}

/** The next sync would assign the extension of the tag, and quarantine this one. */
function checkPreferredExtension(agent: Agent, extension: string): void {
  const preferred = preferredExtensionOf(agent);
  if (preferred === undefined || preferred === extension) return;
  throw new ConflictError(
    'PREFERRED_EXTENSION_DIFFERS',
    `The user's tag "${PREFERRED_EXTENSION_TAG}" requests the extension ${preferred}. Change or remove the tag in Connect, ` +
      'wait a minute for the sync, then retry.',
    { field: 'userId' },
  );
}

type ReservedNumber = DirectoryNumber & { state: 'RESERVED' };

interface Assignment {
  agent: Agent;
  /** The number that the agent releases. */
  current: string | undefined;
  phoneNumber: string;
  /** The numbers that the reservation still holds. */
  reserved: ReservedNumber[];
}

function buildDirectAssignment(
  { directory, quarantineDays, clock }: PhonebookContext,
  { agent, current, phoneNumber, reserved }: Assignment,
): WriteAction[] {
  const release = planRelease(quarantineDays, clock.now());
  return [
    setDirectNumber(directory, agent, phoneNumber),
    ...reserved.map((record) =>
      changeNumberState(
        directory,
        record,
        record.number === phoneNumber ? { state: 'ASSIGNED', owner: ownerOf(agent) } : { state: 'UNUSED' },
      ),
    ),
    ...(current === undefined ? [] : releaseNumber(directory, current, DIRECT_POOL, agent.agentId, release)),
  ];
}

/** Extensions outside the range leave the directory, on the condition that the range is unchanged. */
async function buildExtensionAssignment(
  { directory, quarantineDays, clock }: PhonebookContext,
  { agent, current, phoneNumber, reserved }: Assignment,
): Promise<WriteAction[]> {
  const { target, ranges } = await readPoolRange(directory);
  const isOutside = (number: string) => ranges !== undefined && !ranges.includes(number);
  const others = reserved.filter(({ number }) => number !== phoneNumber);
  const outsideOf = current !== undefined && isOutside(current) ? target : undefined;
  const release = planRelease(quarantineDays, clock.now(), outsideOf);
  const [free] =
    current === undefined ? [] : releaseNumber(directory, current, EXTENSION_POOL, agent.agentId, release);
  const removes = release.to === 'REMOVED' || others.some(({ number }) => isOutside(number));
  // An agent from the waiting list gets name rows.
  const spellingsBefore = extensionOf(agent) === undefined ? [] : agent.spellings;
  return [
    updateAgent(directory, agent, detailsOf(agent), { extension: phoneNumber }, agent.fingerprint),
    ...reserved
      .filter(({ number }) => number === phoneNumber)
      .map((record) => changeNumberState(directory, record, { state: 'ASSIGNED', owner: ownerOf(agent) })),
    ...others.map((record) =>
      isOutside(record.number)
        ? removeNumber(directory, record)
        : changeNumberState(directory, record, { state: 'UNUSED' }),
    ),
    ...(free ? [free] : []),
    ...(removes ? [ifRangeUnchanged(directory, target)] : []),
    ...replaceNameRows(directory.table, agent.agentId, spellingsBefore, agent.spellings),
  ];
}

/** @returns the agent's number, if the number names the agent as its owner too */
async function readCurrentNumber(
  directory: Directory,
  agent: Agent,
  pool: string,
): Promise<string | undefined> {
  const number = heldNumber(agent, pool);
  if (number === undefined) return undefined;
  const record = await getNumber(directory, number, { consistent: true });
  return record?.state === 'ASSIGNED' && record.owner.agentId === agent.agentId ? number : undefined;
}

/**
 * Explains why the reservation no longer holds the number. Returns when another call has just used the reservation.
 *
 * @throws {GoneError} `RESERVATION_EXPIRED`
 * @throws {ConflictError} `NUMBER_BLOCKED`
 */
async function explainMissingNumber(
  directory: Directory,
  { refId }: ReservationRecord,
  record: DirectoryNumber | undefined,
): Promise<void> {
  const reservation = await getReservation(directory, refId);
  if (reservation?.chosen) return;
  // A process whose clock is ahead may have expired the reservation already.
  if (record && record.state !== 'BLOCKED') throw reservationExpiredError('refId');
  throw new ConflictError(
    'NUMBER_BLOCKED',
    'This number was taken out of service after it was reserved. Choose another number of the reservation.',
    { field: 'phoneNumber' },
  );
}
