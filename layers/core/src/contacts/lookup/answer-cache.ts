export interface AnswerCache<Answer> {
  get(key: string): Answer | undefined;
  set(key: string, answer: Answer): void;
  delete(key: string): void;
  readonly size: number;
}

/**
 * Keeps answers in this process, for when the tables do not answer. The least recently used answers are evicted first,
 * and every answer expires after `maxAgeMs`.
 */
export function createAnswerCache<Answer>({
  size,
  maxAgeMs,
  now = Date.now,
}: {
  size: number;
  maxAgeMs: number;
  now?: () => number;
}): AnswerCache<Answer> {
  // A Map iterates in the order of insertion, so the first key is the least recently used.
  const entries = new Map<string, { answer: Answer; since: number }>();
  let evictAt = now() + maxAgeMs;

  /** An expired answer must not stay in memory: the contact may have been deleted since. */
  function evictExpired(): void {
    if (now() < evictAt) return;
    evictAt = now() + maxAgeMs;
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
      evictExpired();
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
