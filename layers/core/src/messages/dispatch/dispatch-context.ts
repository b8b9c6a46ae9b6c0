import type { QuietHours } from '#core/messages/message.ts';
import type { MessageTable } from '#core/messages/table.ts';
import type { Clock } from '#core/platform/clock.ts';
import type { Keyring } from '#core/platform/keys/index.ts';
import type { CheckMessage } from './check-message.ts';
import type { BusyOrigins, RateLimit } from './rate.ts';
import type { SendText } from './sender.ts';
import type { RequestWakeUp } from './wake-up.ts';

/** What one run of a dispatcher works with. */
export interface DispatchContext {
  table: MessageTable;
  keyring: Keyring;
  checkMessage: CheckMessage;
  rate: RateLimit;
  requestWakeUp: RequestWakeUp;
  /** The stream batches of one process share it. */
  busyOrigins: BusyOrigins;
  /** Maps a sender to what has a rate of its own: the number itself, or the identity that sends every text. */
  originOf(from: string): string;
  /** Undefined when no sender is configured. Then no text leaves. */
  send: SendText | undefined;
  /** The first time at which a recipient may get a text. */
  nextAllowed(to: string, quiet: QuietHours, now: number): number;
  clock: Clock;
  createClaimId(): string;
  /** The permanent refusals that this run has logged. */
  loggedReasons: Set<string>;
}

/** The time limits of one run, in milliseconds since 1970. */
export interface Deadlines {
  /** The run waits for what becomes due until then, and leaves everything later to another run. */
  waitUntil: number;
  /** The run starts no message after this time. */
  startUntil: number;
  /** Leave a message that is queued behind its origin's rate to another run, however soon it is due. */
  leaveQueued?: boolean;
}
