import { jsonFile } from '#tools/local/json-file.ts';

/** Things of one kind, in the order in which they were added. */
export interface Collection<T> {
  all(): T[];
  get(id: string): T | undefined;
  /** Adds or replaces. */
  put(entry: T): void;
  delete(id: string): boolean;
}

/**
 * Few things that change seldom: every change is a write of the whole file.
 *
 * @param file its name in the data directory
 * @param initial what a new data directory begins with
 */
export function createCollection<T>(
  dataDir: string | undefined,
  file: string,
  idOf: (entry: T) => string,
  initial: T[] = [],
): Collection<T> {
  const stored = jsonFile<T[]>(dataDir, file, initial);
  const entries = new Map(stored.value.map((entry) => [idOf(entry), entry]));
  const save = () => stored.save([...entries.values()]);
  return {
    all: () => [...entries.values()],
    get: (id) => entries.get(id),
    put(entry) {
      entries.set(idOf(entry), entry);
      save();
    },
    delete(id) {
      const known = entries.delete(id);
      if (known) save();
      return known;
    },
  };
}
