/** Runs work of one key one after the other, in the order in which it was handed over, and of different keys at once. */
export type InTurns = (key: string, work: () => Promise<void>) => Promise<void>;

export function createTurns(): InTurns {
  /** The last of each key that is not done. */
  const last = new Map<string, Promise<void>>();

  return async function inTurns(key, work) {
    const before = last.get(key);
    // Whoever handed the one before over hears how it failed.
    const mine = before ? before.then(work, work) : work();
    last.set(key, mine);
    try {
      await mine;
    } finally {
      if (last.get(key) === mine) last.delete(key);
    }
  };
}
