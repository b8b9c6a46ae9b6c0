import { detailsOf, ownerOf, setDirectNumber, updateAgent } from '#core/directory/agent-actions.ts';
import { type Agent, agentFromItem, agentKey, extensionOf, heldNumber } from '#core/directory/agents.ts';
import { markExportDue } from '#core/directory/export-mark.ts';
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
import { ConflictError, NotFoundError } from '#core/platform/errors.ts';
import type { AssignRequest, PhonebookContext } from './phonebook.ts';
import {
  getReservation,
  markReservationUsed,
  type ReservationRecord,
  reservationExpired,
} from './reservations.ts';

/** Each attempt that fails has met somebody who changed the same agent or reservation. */
const ATTEMPTS = 8;

export async function assignReservedNumber(work: PhonebookContext, request: AssignRequest): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const reservation = await readReservation(work, request);
    const done = reservation.chosen !== undefined || (await assignOnce(work, request, reservation));
    if (!done) continue;
    // After the change, and after every repetition: a process may have been killed in between.
    if (reservation.pool === EXTENSION_POOL) {
      await markExportDue(work.directory, new Date(work.clock.now()).toISOString());
    }
    return;
  }
  throw directoryBusyError();
}

/** @returns a reservation from which nothing was chosen yet, or just what is asked for now */
async function readReservation(
  { directory, clock }: PhonebookContext,
  { refId, phoneNumber, userId }: AssignRequest,
): Promise<ReservationRecord> {
  const reservation = await getReservation(directory, refId);
  if (!reservation) {
    throw new NotFoundError('RESERVATION_NOT_FOUND', 'There is no such reservation.', { field: 'refId' });
  }
  if (!reservation.numbers.includes(phoneNumber)) {
    throw new NotFoundError('NUMBER_NOT_IN_RESERVATION', 'The reservation does not have this number.', {
      field: 'phoneNumber',
    });
  }
  const { chosen, expiresAt } = reservation;
  if (chosen && (chosen.phoneNumber !== phoneNumber || chosen.userId !== userId)) {
    throw new ConflictError(
      'RESERVATION_USED',
      'Another number, or another user, was chosen with this reservation. Reserve again.',
      { field: 'refId' },
    );
  }
  if (!chosen && Date.parse(expiresAt) <= clock.now()) throw reservationExpired('refId');
  return reservation;
}

/** @returns false when something else was quicker, and all is to be read again */
async function assignOnce(
  work: PhonebookContext,
  { userId, phoneNumber, replace }: AssignRequest,
  reservation: ReservationRecord,
): Promise<boolean> {
  const { directory } = work;
  const { refId, pool, numbers } = reservation;
  const items = await readDirectoryItems(directory, [agentKey(userId), ...numbers.map(numberKey)]);
  const agent = agentFromItem(items.get(agentKey(userId).pk));
  if (!agent) {
    throw new NotFoundError('USER_NOT_FOUND', 'The directory has no such user.', { field: 'userId' });
  }
  if (pool === EXTENSION_POOL) refuseAnother(agent, phoneNumber);
  const old = await readHeld(directory, agent, pool);
  if (old !== undefined && !replace) {
    throw new ConflictError(
      'USER_HAS_NUMBER',
      `The user has the number ${old}. Say "replace": true to give it up for the new one.`,
      { field: 'userId' },
    );
  }
  const records = numbers.flatMap((number) => numberFromItem(items.get(numberKey(number).pk)) ?? []);
  const reserved = records.filter(
    (record): record is Reserved => record.state === 'RESERVED' && record.reservationId === refId,
  );
  if (!reserved.some(({ number }) => number === phoneNumber)) {
    return refuseLost(
      directory,
      reservation,
      records.find(({ number }) => number === phoneNumber),
    );
  }
  const giving = { agent, old, phoneNumber, reserved };
  const given = pool === EXTENSION_POOL ? await giveExtension(work, giving) : giveDirect(work, giving);
  const choose = markReservationUsed(directory, reservation, { phoneNumber, userId });
  return (await writeActions(directory, [choose, ...given])).length === 0;
}

/** The next sync would give the user the extension of the tag, and quarantine this one: the tag wins. */
function refuseAnother(agent: Agent, extension: string): void {
  const asked = preferredExtensionOf(agent);
  if (asked === undefined || asked === extension) return;
  throw new ConflictError(
    'USER_ASKS_FOR_ANOTHER',
    `The user's tag "${PREFERRED_EXTENSION_TAG}" asks for the extension ${asked}. Change the tag in Connect, or take it away; when ` +
      'the sync has seen that, a minute later, ask again.',
    { field: 'userId' },
  );
}

type Reserved = DirectoryNumber & { state: 'RESERVED' };

/** What is written beside the reservation. */
interface Giving {
  agent: Agent;
  /** The number that the agent gives up. */
  old: string | undefined;
  phoneNumber: string;
  /** What the reservation still holds. */
  reserved: Reserved[];
}

function giveDirect(work: PhonebookContext, { agent, old, phoneNumber, reserved }: Giving): WriteAction[] {
  const { directory, quarantineDays, clock } = work;
  const freed = planRelease(quarantineDays, clock.now());
  return [
    setDirectNumber(directory, agent, phoneNumber),
    ...reserved.map((record) =>
      changeNumberState(
        directory,
        record,
        record.number === phoneNumber ? { state: 'ASSIGNED', owner: ownerOf(agent) } : { state: 'UNUSED' },
      ),
    ),
    ...(old === undefined ? [] : releaseNumber(directory, old, DIRECT_POOL, agent.agentId, freed)),
  ];
}

/** What the range no longer contains leaves the directory, as long as that is the range. */
async function giveExtension(work: PhonebookContext, giving: Giving): Promise<WriteAction[]> {
  const { directory, quarantineDays, clock } = work;
  const { agent, old, phoneNumber, reserved } = giving;
  const { target, ranges } = await readPoolRange(directory);
  const outside = (number: string) => ranges !== undefined && !ranges.includes(number);
  const others = reserved.filter(({ number }) => number !== phoneNumber);
  const freed = planRelease(
    quarantineDays,
    clock.now(),
    old !== undefined && outside(old) ? target : undefined,
  );
  const [free] = old === undefined ? [] : releaseNumber(directory, old, EXTENSION_POOL, agent.agentId, freed);
  const removes = freed.to === 'REMOVED' || others.some(({ number }) => outside(number));
  // An agent who waited becomes findable by name.
  const before = extensionOf(agent) === undefined ? [] : agent.spellings;
  return [
    updateAgent(directory, agent, detailsOf(agent), { extension: phoneNumber }, agent.fingerprint),
    ...reserved
      .filter(({ number }) => number === phoneNumber)
      .map((record) => changeNumberState(directory, record, { state: 'ASSIGNED', owner: ownerOf(agent) })),
    ...others.map((record) =>
      outside(record.number)
        ? removeNumber(directory, record)
        : changeNumberState(directory, record, { state: 'UNUSED' }),
    ),
    ...(free ? [free] : []),
    ...(removes ? [ifRangeUnchanged(directory, target)] : []),
    ...replaceNameRows(directory.table, agent.agentId, before, agent.spellings),
  ];
}

/** The number that really is the agent's: one that does not name the agent is not. */
async function readHeld(directory: Directory, agent: Agent, pool: string): Promise<string | undefined> {
  const number = heldNumber(agent, pool);
  if (number === undefined) return undefined;
  const record = await getNumber(directory, number, { consistent: true });
  return record?.state === 'ASSIGNED' && record.owner.agentId === agent.agentId ? number : undefined;
}

/**
 * The number is not the reservation's any more.
 *
 * @returns false when that is because something was chosen just now
 */
async function refuseLost(
  directory: Directory,
  { refId }: ReservationRecord,
  record: DirectoryNumber | undefined,
): Promise<false> {
  const now = await getReservation(directory, refId);
  if (now?.chosen) return false;
  // Somebody whose clock is ahead may have ended the reservation already.
  if (record && record.state !== 'BLOCKED') throw reservationExpired('refId');
  throw new ConflictError(
    'NUMBER_BLOCKED',
    'This number was taken out of service since it was reserved. Choose another one of the reservation.',
    { field: 'phoneNumber' },
  );
}
