/**
 * Asks the cheap way, which may be a moment behind, and refuses only what the last write refuses too: a wrong yes is
 * caught later, a wrong no is final.
 *
 * @param ask a read that is strongly consistent when it is told to be
 */
export async function certainly(ask: (consistent: boolean) => Promise<boolean>): Promise<boolean> {
  return (await ask(false)) || ask(true);
}
