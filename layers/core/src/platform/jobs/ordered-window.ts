/** A task that has begun or waits, and the item that it belongs to. */
interface Entry<Item, Result> {
  item: Item;
  result: Promise<Result>;
  finished: boolean;
}

/** Tasks in the window for each task that runs, so that one slow task at the head does not stop the others. */
const WINDOW_FACTOR = 4;

/**
 * Runs tasks concurrently, and passes on their results in the order in which they were added. Tasks with the same key
 * run one after the other, in that order, too. The number of tasks in memory is limited.
 */
export class OrderedWindow<Item, Result> {
  readonly #concurrency: number;
  readonly #onResult: (item: Item, result: Result) => Promise<void>;
  readonly #entries: Entry<Item, Result>[] = [];
  readonly #lastOfKey = new Map<string, Promise<unknown>>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(options: { concurrency: number; onResult: (item: Item, result: Result) => Promise<void> }) {
    this.#concurrency = options.concurrency;
    this.#onResult = options.onResult;
  }

  /** Resolves when there is room for the next task. `run` must not reject. */
  async add(key: string | undefined, item: Item, run: () => Promise<Result>): Promise<void> {
    const previous = key === undefined ? undefined : this.#lastOfKey.get(key);
    const result = previous ? previous.then(() => this.#runLimited(run)) : this.#runLimited(run);
    const entry: Entry<Item, Result> = { item, result, finished: false };
    entry.result = result.finally(() => {
      entry.finished = true;
      if (key !== undefined && this.#lastOfKey.get(key) === entry.result) this.#lastOfKey.delete(key);
    });
    if (key !== undefined) this.#lastOfKey.set(key, entry.result);
    this.#entries.push(entry);
    while (this.#entries.length >= this.#concurrency * WINDOW_FACTOR || this.#entries[0]?.finished) {
      await this.#passOnFirst();
    }
  }

  /** Waits for all tasks. */
  async drain(): Promise<void> {
    while (this.#entries.length > 0) await this.#passOnFirst();
  }

  async #passOnFirst(): Promise<void> {
    const first = this.#entries.shift();
    if (first) await this.#onResult(first.item, await first.result);
  }

  async #runLimited(run: () => Promise<Result>): Promise<Result> {
    if (this.#running >= this.#concurrency) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running++;
    try {
      return await run();
    } finally {
      // The slot passes to the next task that waits, so the number of running tasks stays.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}
