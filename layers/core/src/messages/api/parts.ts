import type { Clock } from '../../platform/clock.ts';
import type { Keyring } from '../../platform/keys/index.ts';
import type { AcceptMessage } from '../acceptance/contract.ts';
import type { MessageTable } from '../table.ts';

/** What the routes of messages-api work with. */
export interface MessagesApiParts extends MessageTable {
  keyring: () => Promise<Keyring>;
  accept: AcceptMessage;
  /** How long a batch can be asked for. */
  retentionDays: number;
  clock: Clock;
}
