import type { QuietHours } from '#core/messages/message.ts';
import { InvalidInputError } from '#core/platform/errors.ts';

/**
 * In a country with several time zones, a text is sent when no zone has quiet hours. The zones are up to eleven and a
 * half hours apart, so with quiet hours of up to half a day, every day leaves some minutes.
 */
export const MAX_QUIET_MINUTES = 12 * 60;

/**
 * Parses the quiet hours of a batch.
 *
 * @returns undefined when neither is given
 * @throws {InvalidInputError} `INVALID_QUIET_HOURS`, when one is missing or not a time of day, or when they are too long
 */
export function parseQuietHours(from: string | undefined, until: string | undefined): QuietHours | undefined {
  if (from === undefined && until === undefined) return undefined;
  if (from === undefined)
    throw quietHoursError(
      'quietFrom',
      'quietFrom is missing. Pass both, such as quietFrom=21:00 and quietUntil=08:00.',
    );
  if (until === undefined)
    throw quietHoursError(
      'quietUntil',
      'quietUntil is missing. Pass both, such as quietFrom=21:00 and quietUntil=08:00.',
    );
  const length = (minuteOf('quietUntil', until) - minuteOf('quietFrom', from) + 24 * 60) % (24 * 60);
  if (length === 0)
    throw quietHoursError(
      'quietUntil',
      'quietFrom and quietUntil are the same time of day. Omit both to have no quiet hours.',
    );
  if (length > MAX_QUIET_MINUTES) {
    throw quietHoursError(
      'quietUntil',
      'The quiet hours are longer than 12 hours. Use at most 12, such as 20:00 to 08:00.',
    );
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
    throw quietHoursError(field, `${field} must be a time of day from 00:00 to 23:59, such as 21:00.`);
  }
  return Number(hours) * 60 + Number(minutes);
}

function quietHoursError(field: string, message: string): InvalidInputError {
  return new InvalidInputError('INVALID_QUIET_HOURS', message, { field });
}
