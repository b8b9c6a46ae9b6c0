import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { findContactsByHash } from '#core/contacts/find-contacts-by-hash.ts';
import { getNumber, maySendTexts } from '#core/directory/index.ts';
import type { Message, MessageBody, SuppressedReason } from '#core/messages/message.ts';
import { optedOut } from '#core/messages/opt-outs/index.ts';
import { certainly } from '#core/platform/dynamodb/retry-consistently.ts';
import type { Keyring } from '#core/platform/keys/index.ts';

export interface CheckTables {
  client: DynamoDBDocumentClient;
  /** The names of the tables. */
  contacts: string;
  lookup: string;
  directory: string;
  messages: string;
}

/** Why a message must not be sent; undefined when it may. */
export type CheckMessage = (
  keyring: Keyring,
  message: Pick<Message, 'from' | 'recipientPresent'>,
  body: MessageBody,
) => Promise<SuppressedReason | undefined>;

/** The audience of contacts whom nobody may text. */
export const DO_NOT_CONTACT = 'do-not-contact';

/**
 * Makes the check before each send. Much may have changed since a message was accepted: the number was given back, the
 * recipient asked for no more texts, or was deleted.
 */
export function createCheck(tables: CheckTables, { allowUnknown }: { allowUnknown: boolean }): CheckMessage {
  const { client } = tables;
  const directory = { client, table: tables.directory };

  return async function check(keyring, { from, recipientPresent = false }, { to }) {
    const [mayText, optOut, holders] = await Promise.all([
      certainly((consistent) => mayTextFrom(from, consistent)),
      optedOut({ client, messages: tables.messages, keyring: async () => keyring }, to),
      findContactsByHash(tables, keyring.hashes(to), DO_NOT_CONTACT),
    ]);
    if (!mayText) return 'FROM_NOT_OURS';
    if (optOut) return 'OPTED_OUT';
    if (holders.inAudience) return 'DO_NOT_CONTACT';
    if (allowUnknown || recipientPresent || holders.any) return undefined;
    if (await certainly((consistent) => isInDirectory(to, consistent))) return undefined;
    // What the index did not show before is asked for everything: who is known may want no texts.
    const now = await findContactsByHash(tables, keyring.hashes(to), DO_NOT_CONTACT, { consistent: true });
    if (now.inAudience) return 'DO_NOT_CONTACT';
    return now.any ? undefined : 'NOT_KNOWN';
  };

  async function mayTextFrom(from: string, consistent: boolean): Promise<boolean> {
    return maySendTexts(await getNumber(directory, from, { consistent }));
  }

  async function isInDirectory(to: string, consistent: boolean): Promise<boolean> {
    return (await getNumber(directory, to, { consistent })) !== undefined;
  }
}
