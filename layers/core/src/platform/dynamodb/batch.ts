import { setTimeout } from 'node:timers/promises';

export const ATTEMPTS = 8;

/**
 * Sends a batch to DynamoDB, and again what it leaves unprocessed, with full jitter as in "Exponential Backoff
 * And Jitter" of the AWS Architecture Blog.
 *
 * @param send returns what was left unprocessed
 * @returns whether all was processed in the end
 */
export async function sendUntilProcessed<Requests extends object>(
  requests: Requests,
  send: (requests: Requests) => Promise<Requests | undefined>,
): Promise<boolean> {
  let left: Requests | undefined = requests;
  for (let attempt = 0; left && Object.keys(left).length > 0; attempt += 1) {
    if (attempt === ATTEMPTS) return false;
    if (attempt > 0) await setTimeout(Math.random() * Math.min(1_000, 25 * 2 ** attempt));
    left = await send(left);
  }
  return true;
}
