import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A JSON value that stays with the data directory; without one it lives as long as the process. */
export interface JsonFile<T> {
  readonly value: T;
  save(value: T): void;
}

/** Written to a file beside it and renamed: a crash leaves the old content or the new one, never half of it. */
export function openJsonFile<T>(dataDir: string | undefined, name: string, initial: T): JsonFile<T> {
  if (!dataDir) return { value: initial, save() {} };
  const path = join(dataDir, name);
  const stored = read<T>(path);
  return {
    value: stored ?? initial,
    save(value) {
      writeFileSync(`${path}.new`, JSON.stringify(value));
      renameSync(`${path}.new`, path);
    },
  };
}

function read<T>(path: string): T | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new Error(`${path} is not valid JSON. Fix or delete the file.`, { cause });
  }
}

/** Entries of one kind, in the order in which they were added. */
export interface Collection<T> {
  all(): T[];
  get(id: string): T | undefined;
  /** Adds or replaces. */
  put(entry: T): void;
  delete(id: string): boolean;
}

/**
 * For few entries that seldom change: each change writes the whole file.
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
  const stored = openJsonFile<T[]>(dataDir, file, initial);
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
      const deleted = entries.delete(id);
      if (deleted) save();
      return deleted;
    },
  };
}
