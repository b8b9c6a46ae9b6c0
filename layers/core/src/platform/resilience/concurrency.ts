/**
 * Works on items, a limited number at once, in their order. The first error ends it: what has begun is waited
 * for, nothing new begins, and the error is thrown.
 *
 * @param stop nothing new begins once it is true
 * @returns whether everything was worked on
 */
export async function forEachConcurrent<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  limit: number,
  work: (item: Item) => Promise<void>,
  stop: () => boolean = () => false,
): Promise<boolean> {
  const source = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  let finished = true;
  let failed = false;

  async function worker(): Promise<void> {
    for (;;) {
      if (failed) return;
      const { value, done } = await source.next();
      // Another one may have failed while this one waited for its item.
      if (done || failed) return;
      if (stop()) {
        finished = false;
        return;
      }
      try {
        await work(value);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  }

  const results = await Promise.allSettled(Array.from({ length: limit }, worker));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  return finished;
}
