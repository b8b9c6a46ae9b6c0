export interface AnswerCache<T> {
  get(key: string): T | undefined;
  set(key: string, answer: T): void;
  delete(key: string): void;
  readonly size: number;
}

/**
 * Keeps the last known answers in this process, for when the tables do not answer: the least recently used ones
 * go first, and none is told any more after `maxAgeMs`.
 */
export function createAnswerCache<T>({
  size,
  maxAgeMs,
  now = Date.now,
}: {
  size: number;
  maxAgeMs: number;
  now?: () => number;
}): AnswerCache<T> {
  // A Map iterates in the order of insertion, so the first key is the least recently used.
  const entries = new Map<string, { answer: T; since: number }>();
  let sweepAt = now() + maxAgeMs;

  /** An answer that may not be told any more is not kept either: the person may have been deleted since. */
  function sweep(): void {
    if (now() < sweepAt) return;
    sweepAt = now() + maxAgeMs;
    for (const [key, { since }] of entries) if (now() - since > maxAgeMs) entries.delete(key);
  }

  return {
    get(key) {
      const entry = entries.get(key);
      if (!entry) return undefined;
      entries.delete(key);
      if (now() - entry.since > maxAgeMs) return undefined;
      entries.set(key, entry);
      return entry.answer;
    },
    set(key, answer) {
      sweep();
      entries.delete(key);
      entries.set(key, { answer, since: now() });
      const oldest = entries.keys().next().value;
      if (entries.size > size && oldest !== undefined) entries.delete(oldest);
    },
    delete(key) {
      entries.delete(key);
    },
    get size() {
      return entries.size;
    },
  };
}
