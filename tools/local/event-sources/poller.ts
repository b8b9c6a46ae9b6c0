import { setTimeout as delay } from 'node:timers/promises';

/** Delivers one stream to one function. */
export interface StreamPoller {
  start(): void;
  /** Resolves when everything that was written before the call has been delivered or given up. */
  caughtUp(): Promise<void>;
  stop(): Promise<void>;
}

const RETRY_MS = { first: 100, most: 10_000 };

/** Waits before a retry, longer each time. False when everything stops meanwhile. */
export async function pauseBefore(attempt: number, signal: AbortSignal): Promise<boolean> {
  const wait = Math.min(RETRY_MS.first * 2 ** (attempt - 1), RETRY_MS.most);
  await delay(wait, undefined, { signal }).catch(() => {});
  return !signal.aborted;
}
