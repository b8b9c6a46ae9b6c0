import type { OpenMessages } from '#core/messages/create-messages.ts';
import type { Clock } from '#core/platform/clock.ts';

/** What the routes of messages-api work with. */
export interface MessagesApiParts extends OpenMessages {
  clock: Clock;
}
