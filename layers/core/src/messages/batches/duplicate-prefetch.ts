import type { Accepted, AcceptRequest, FindEarlier } from '#core/messages/accept.ts';
import { UnavailableError } from '#core/platform/errors.ts';

/** As many lines are looked for at once. */
const WINDOW = 100;

export interface LookAhead {
  /** Hears what became of each line that was accepted one by one. */
  met(duplicate: boolean): void;
  /** The same messages in the same order, those that are known with their answers. */
  through<Message extends { request: AcceptRequest }>(
    messages: AsyncIterable<Message>,
  ): AsyncGenerator<Message & { earlier?: Accepted }>;
}

/**
 * Spares the transactions of a file that is sent again: from the first line that was accepted before, a hundred lines
 * are looked for at once, as long as any of them is known. A file of new lines costs nothing more.
 */
export function createLookAhead(findEarlier: FindEarlier): LookAhead {
  let repeats = false;

  async function look<Message extends { request: AcceptRequest }>(
    window: readonly Message[],
  ): Promise<(Message & { earlier?: Accepted })[]> {
    try {
      const answers = await findEarlier(window.map(({ request }) => request));
      repeats = answers.some((answer) => answer !== undefined);
      return window.map((message, at) => ({ ...message, ...(answers[at] ? { earlier: answers[at] } : {}) }));
    } catch (error) {
      // Then they are accepted one by one, which says of each what is wrong.
      if (!(error instanceof UnavailableError)) throw error;
      repeats = false;
      return [...window];
    }
  }

  return {
    met(duplicate) {
      if (duplicate) repeats = true;
    },

    async *through(messages) {
      let window = [];
      for await (const message of messages) {
        if (!repeats && window.length === 0) {
          yield message;
          continue;
        }
        window.push(message);
        if (window.length < WINDOW) continue;
        yield* await look(window);
        window = [];
      }
      if (window.length > 0) yield* await look(window);
    },
  };
}
