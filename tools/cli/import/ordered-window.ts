/** A task that is under way, and where it stands in the file. */
interface Entry<Place, Result> {
  place: Place;
  result: Promise<Result>;
  settled: boolean;
}

/**
 * Runs tasks in parallel and hands their results on in the order they were added. Tasks with the same key run
 * one after the other, in that order too. It holds a bounded number of them.
 *
 * @param options.concurrency tasks at once
 * @param options.take gets each result, in order
 */
export class OrderedWindow<Place, Result> {
  readonly #concurrency: number;
  readonly #take: (place: Place, result: Result) => Promise<void>;
  readonly #entries: Entry<Place, Result>[] = [];
  readonly #lastOfKey = new Map<string, Promise<unknown>>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(options: { concurrency: number; take: (place: Place, result: Result) => Promise<void> }) {
    this.#concurrency = options.concurrency;
    this.#take = options.take;
  }

  /** Resolves when there is room for the next one. `run` must not reject. */
  async add(key: string | undefined, place: Place, run: () => Promise<Result>): Promise<void> {
    const before = key === undefined ? undefined : this.#lastOfKey.get(key);
    const result = before ? before.then(() => this.#limited(run)) : this.#limited(run);
    const entry: Entry<Place, Result> = { place, result: result.finally(settle), settled: false };
    const forget = () => {
      if (key !== undefined && this.#lastOfKey.get(key) === entry.result) this.#lastOfKey.delete(key);
    };
    function settle() {
      entry.settled = true;
      forget();
    }
    if (key !== undefined) this.#lastOfKey.set(key, entry.result);
    this.#entries.push(entry);
    // Four times as many as run at once, so that one slow task at the head does not stop the others.
    while (this.#entries.length >= this.#concurrency * 4 || this.#entries[0]?.settled)
      await this.#takeFirst();
  }

  /** Waits for all that was added. */
  async drain(): Promise<void> {
    while (this.#entries.length > 0) await this.#takeFirst();
  }

  async #takeFirst(): Promise<void> {
    const first = this.#entries.shift();
    if (first) await this.#take(first.place, await first.result);
  }

  async #limited(run: () => Promise<Result>): Promise<Result> {
    if (this.#running >= this.#concurrency) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running++;
    try {
      return await run();
    } finally {
      // The place passes on to the next one that waits, so the count stays.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}
