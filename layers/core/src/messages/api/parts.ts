import type { Clock } from '../../platform/clock.ts';
import type { OpenMessages } from '../open.ts';

/** What the routes of messages-api work with. */
export interface MessagesApiParts extends OpenMessages {
  clock: Clock;
}
