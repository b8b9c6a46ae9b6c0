/** Runs the work of one key in order, one after the other, and the work of different keys concurrently. */
export type KeyedQueue = (key: string, work: () => Promise<void>) => Promise<void>;

export function createKeyedQueue(): KeyedQueue {
  /** The last work of each key that is not finished. */
  const last = new Map<string, Promise<void>>();

  return async function enqueue(key, work) {
    const previous = last.get(key);
    // The caller of the previous work handles its error.
    const current = previous ? previous.then(work, work) : work();
    last.set(key, current);
    try {
      await current;
    } finally {
      if (last.get(key) === current) last.delete(key);
    }
  };
}
