/** What work returns when its write met another one, and what it read is outdated. */
export const CONFLICT = 'CONFLICT';

/**
 * Reads, decides and writes; again from the start when another write came first.
 *
 * @param attempts the first one included
 * @param work returns {@link CONFLICT} to start again; every other value, and every error, ends it
 * @param wait before the next attempt, with the number of attempts so far; none by default, since the winner is done
 * @returns {@link CONFLICT} when the last attempt met another write too
 *
 * @example
 * const outcome = await retryOnConflict(8, async () => {
 *   const record = await getNumber(directory, number, { consistent: true });
 *   return (await writeActions(directory, [changeNumberState(directory, record, next)])).length === 0 ? record : CONFLICT;
 * });
 * if (outcome === CONFLICT) throw directoryBusyError();
 */
export async function retryOnConflict<T>(
  attempts: number,
  work: (attempt: number) => Promise<T | typeof CONFLICT>,
  wait?: (attempt: number) => Promise<void>,
): Promise<T | typeof CONFLICT> {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const outcome = await work(attempt);
    if (outcome !== CONFLICT) return outcome;
    if (attempt < attempts) await wait?.(attempt);
  }
  return CONFLICT;
}
