import { systemClock } from '#core/platform/clock.ts';
import { assignReservedNumber } from './assign-number.ts';
import { getPhonebookUser, hasNumber } from './find-number.ts';
import { listNumbers } from './list-numbers.ts';
import type { Phonebook, PhonebookSettings } from './phonebook.ts';
import { releaseUserNumber } from './release-number.ts';
import { createReserveNumbers } from './reserve-numbers.ts';

// Read this folder from the top: api/routes → create-phonebook → find-number, list-numbers, reserve-numbers,
// assign-number, release-number → free-numbers, reservations. The scheduled job: create-number-expiry → expire-numbers.
// Commands: import-number, block-number. Input: parse-directory-number, area-code.

/** @example createPhonebook({ directory: createDirectory(table), reservationMs: 900_000, quarantineDays: 30 }) */
export function createPhonebook(settings: PhonebookSettings): Phonebook {
  const ctx = { clock: systemClock, ...settings };
  const { directory } = ctx;
  return {
    hasNumber: (phoneNumber) => hasNumber(directory, phoneNumber),
    reserveNumbers: createReserveNumbers(ctx),
    assignNumber: (request) => assignReservedNumber(ctx, request),
    releaseNumber: (request) => releaseUserNumber(ctx, request),
    getUser: (userId) => getPhonebookUser(directory, userId),
    listNumbers: (query) => listNumbers(directory, query),
  };
}
