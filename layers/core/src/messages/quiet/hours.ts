import type { QuietHours } from '#core/messages/message.ts';
import { InvalidInputError } from '#core/platform/errors.ts';

/**
 * In countries with many time zones it has to be quiet in none of them. They lie up to eleven and a half hours apart,
 * so every day leaves some minutes if the quiet hours take half of it at most.
 */
export const LONGEST_QUIET_MINUTES = 12 * 60;

/**
 * Reads quiet hours as they are given to a batch.
 *
 * @returns undefined when neither is given
 * @throws {InvalidInputError} `INVALID_QUIET_HOURS`, when one is missing, is no time of day, or they are too long
 */
export function parseQuietHours(from: string | undefined, until: string | undefined): QuietHours | undefined {
  if (from === undefined && until === undefined) return undefined;
  if (from === undefined) throw invalid('quietFrom', 'quietUntil needs a quietFrom, such as 21:00.');
  if (until === undefined) throw invalid('quietUntil', 'quietFrom needs a quietUntil, such as 08:00.');
  const length = (minuteOf('quietUntil', until) - minuteOf('quietFrom', from) + 24 * 60) % (24 * 60);
  if (length === 0) throw invalid('quietUntil', 'quietFrom and quietUntil are the same time of day.');
  if (length > LONGEST_QUIET_MINUTES) {
    throw invalid('quietUntil', 'Quiet hours may take 12 hours at most, such as 20:00 to 08:00.');
  }
  return { from, until };
}

/** @param time a time of day, as `HH:MM` */
export function isQuietAt(time: string, { from, until }: QuietHours): boolean {
  return from < until ? time >= from && time < until : time >= from || time < until;
}

function minuteOf(field: string, time: string): number {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time) ?? [];
  if (hours === undefined || minutes === undefined) {
    throw invalid(field, `${field} must be a time of day from 00:00 to 23:59, such as 21:00.`);
  }
  return Number(hours) * 60 + Number(minutes);
}

function invalid(field: string, message: string): InvalidInputError {
  return new InvalidInputError('INVALID_QUIET_HOURS', message, { field });
}
