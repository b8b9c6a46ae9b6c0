import { systemClock } from '#core/platform/clock.ts';
import { assign } from './assign.ts';
import { findNumber, listNumbers } from './listing.ts';
import type { Phonebook, PhonebookSettings } from './phonebook.ts';
import { release } from './release.ts';
import { createReserve } from './reserve.ts';
import { findUser } from './user.ts';

export type { NumberState } from '#core/directory/numbers.ts';
export { createDirectory, type Directory } from '#core/directory/table.ts';
export { areaCodePrefix } from './area-code.ts';
export { blockNumber, unblockNumber } from './block.ts';
export { type ImportedNumber, importDirectNumber } from './import.ts';
export { directoryNumber } from './number.ts';
export type {
  AssignRequest,
  ListedNumber,
  NumberPage,
  NumbersQuery,
  Phonebook,
  PhonebookSettings,
  PhonebookUser,
  ReleaseRequest,
  Reservation,
  ReserveRequest,
} from './phonebook.ts';

/** @example createPhonebook({ directory: createDirectory(table), reservationMs: 900_000, quarantineDays: 30 }) */
export function createPhonebook(settings: PhonebookSettings): Phonebook {
  const work = { clock: systemClock, ...settings };
  const { directory } = work;
  return {
    find: (phoneNumber) => findNumber(directory, phoneNumber),
    reserve: createReserve(work),
    assign: (request) => assign(work, request),
    release: (request) => release(work, request),
    user: (userId) => findUser(directory, userId),
    numbers: (query) => listNumbers(directory, query),
  };
}
