import { describeError } from '#core/platform/errors.ts';
import { logger } from '#core/platform/observability.ts';
import type { Deadline } from '#core/platform/resilience/deadline.ts';
import type { ContactMatches } from './find-contacts.ts';

export interface FallbackQuery {
  /** In canonical form. */
  identifier: string;
  /** Under every key version in use, the newest first; none when the keys did not load. */
  hashes: readonly string[];
  /** How many contacts to load. */
  limit: number;
}

/** A source that a lookup tries when the index does not answer. */
export interface FallbackSource {
  /** The `source` of its answers: `cache`. */
  readonly name: string;
  /** The time that the index leaves for this source; 0 by default, for a source that answers at once. */
  readonly reserveMs?: number;
  /** @returns undefined when the source has no contact with the identifier */
  find(query: FallbackQuery, deadline: Deadline): Promise<ContactMatches | undefined>;
}

/** Tries the sources in order, until one finds a contact. A source that fails costs only its own answer. */
export async function findInSources(
  sources: readonly FallbackSource[],
  query: FallbackQuery,
  deadline: Deadline,
): Promise<(ContactMatches & { source: string }) | undefined> {
  for (const source of sources) {
    try {
      const found = await deadline.run(() => source.find(query, deadline));
      if (found && found.matches > 0) return { ...found, source: source.name };
    } catch (error) {
      logger.warn('fallback source failed', { source: source.name, error: describeError(error) });
    }
  }
  return undefined;
}
