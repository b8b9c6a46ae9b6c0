/**
 * Reads eventually consistent first, and again strongly consistent if the answer is no. Use it where a wrong yes is
 * detected later, but a wrong no would be final.
 */
export async function retryConsistently(read: (consistent: boolean) => Promise<boolean>): Promise<boolean> {
  return (await read(false)) || read(true);
}
