import { systemClock } from '#core/platform/clock.ts';
import { assignReservedNumber } from './assign-number.ts';
import { getPhonebookUser } from './get-user.ts';
import { hasNumber, listNumbers } from './list-numbers.ts';
import type { Phonebook, PhonebookSettings } from './phonebook.ts';
import { releaseUserNumber } from './release-number.ts';
import { createReserveNumbers } from './reserve-numbers.ts';

export type { NumberState } from '#core/directory/numbers.ts';
export { createDirectory, type Directory } from '#core/directory/table.ts';
export { parseAreaCode } from './area-code.ts';
export { blockNumber, unblockNumber } from './block-number.ts';
export { parseDirectoryNumber } from './directory-number.ts';
export { type ImportedNumber, importDirectNumber } from './import-number.ts';
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
    hasNumber: (phoneNumber) => hasNumber(directory, phoneNumber),
    reserveNumbers: createReserveNumbers(work),
    assignNumber: (request) => assignReservedNumber(work, request),
    releaseNumber: (request) => releaseUserNumber(work, request),
    getUser: (userId) => getPhonebookUser(directory, userId),
    listNumbers: (query) => listNumbers(directory, query),
  };
}
