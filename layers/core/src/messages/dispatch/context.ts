import type { QuietHours } from '#core/messages/message.ts';
import type { MessageTable } from '#core/messages/table.ts';
import type { Clock } from '#core/platform/clock.ts';
import type { Keyring } from '#core/platform/keys/index.ts';
import type { Crowds } from './busy-origins.ts';
import type { CheckMessage } from './checks.ts';
import type { RateLimit } from './rate.ts';
import type { SendText } from './sender.ts';
import type { AskToFollow } from './wake-up.ts';

/** What every dispatcher of a process works with. */
export interface Dispatching {
  table: MessageTable;
  keyring: Keyring;
  check: CheckMessage;
  rate: RateLimit;
  /** Somebody has to look at what this process leaves. */
  askToFollow: AskToFollow;
  /** Of this process, for the batches of the stream. */
  crowds: Crowds;
  /** What has a rate of its own: the number of ours, or the identity that all texts leave from. */
  originOf(from: string): string;
  /** Undefined when no sender is configured: then nothing leaves. */
  send: SendText | undefined;
  /** The first moment at which a recipient may be texted. */
  nextAllowed(to: string, quiet: QuietHours, now: number): number;
  clock: Clock;
  newClaim(): string;
  /** Reasons of which this run has told the log. */
  told: Set<string>;
}

/** How long one run may take, on the clock. */
export interface Patience {
  /** What comes up until then is waited for; anything later is left to another run. */
  until: number;
  /** Nothing new begins after it. */
  end: number;
  /** Who has a place in the queue of an origin is left to another run, however soon it is due. */
  leavesQueued?: boolean;
}
