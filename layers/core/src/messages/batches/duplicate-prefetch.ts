import type { Accepted, AcceptRequest, FindDuplicates } from '#core/messages/acceptance/create-acceptance.ts';
import { UnavailableError } from '#core/platform/errors.ts';

const PREFETCH_BATCH_SIZE = 100;

export interface DuplicatePrefetch {
  /** Call this with the result of each line that was accepted one by one. */
  observe(duplicate: boolean): void;
  /** Yields the same messages in the same order, each duplicate with its `duplicateOf`. */
  prefetch<Message extends { request: AcceptRequest }>(
    messages: AsyncIterable<Message>,
  ): AsyncGenerator<Message & { duplicateOf?: Accepted }>;
}

/**
 * Saves the transactions of a file that is sent again. From the first duplicate on, it looks up 100 lines with one read,
 * as long as one of them is a duplicate. A file of new lines causes no additional reads.
 */
export function createDuplicatePrefetch(findDuplicates: FindDuplicates): DuplicatePrefetch {
  let hasDuplicates = false;

  async function lookUp<Message extends { request: AcceptRequest }>(
    window: readonly Message[],
  ): Promise<(Message & { duplicateOf?: Accepted })[]> {
    try {
      const found = await findDuplicates(window.map(({ request }) => request));
      hasDuplicates = found.some((accepted) => accepted !== undefined);
      return window.map((message, at) => ({ ...message, ...(found[at] ? { duplicateOf: found[at] } : {}) }));
    } catch (error) {
      // Accepting the lines one by one reports the fault of each.
      if (!(error instanceof UnavailableError)) throw error;
      hasDuplicates = false;
      return [...window];
    }
  }

  return {
    observe(duplicate) {
      if (duplicate) hasDuplicates = true;
    },

    async *prefetch(messages) {
      let window = [];
      for await (const message of messages) {
        if (!hasDuplicates && window.length === 0) {
          yield message;
          continue;
        }
        window.push(message);
        if (window.length < PREFETCH_BATCH_SIZE) continue;
        yield* await lookUp(window);
        window = [];
      }
      if (window.length > 0) yield* await lookUp(window);
    },
  };
}
