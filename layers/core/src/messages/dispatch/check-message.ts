import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { findContactsByHash } from '#core/contacts/find-contacts-by-hash.ts';
import { getNumber, maySendTexts } from '#core/directory/index.ts';
import type { Message, MessageBody, SuppressedReason } from '#core/messages/message.ts';
import { isOptedOut } from '#core/messages/opt-outs/index.ts';
import { retryConsistently } from '#core/platform/dynamodb/retry-consistently.ts';
import type { Keyring } from '#core/platform/keys/index.ts';

export interface MessageCheckTables {
  client: DynamoDBDocumentClient;
  /** The names of the tables. */
  contacts: string;
  lookup: string;
  directory: string;
  messages: string;
}

/** Returns why a message must not be sent; undefined when it may be sent. */
export type CheckMessage = (
  keyring: Keyring,
  message: Pick<Message, 'from' | 'recipientPresent'>,
  body: MessageBody,
) => Promise<SuppressedReason | undefined>;

/** The audience of contacts that get no texts. */
export const DO_NOT_CONTACT = 'do-not-contact';

/**
 * Creates the check that runs before each send. Much may have changed since a message was accepted: the number was
 * released, the recipient opted out, or the contact was deleted.
 */
export function createMessageCheck(
  tables: MessageCheckTables,
  { allowUnknown }: { allowUnknown: boolean },
): CheckMessage {
  const { client } = tables;
  const directory = { client, table: tables.directory };

  return async function checkMessage(keyring, { from, recipientPresent = false }, { to }) {
    const [mayText, optedOut, holders] = await Promise.all([
      retryConsistently((consistent) => mayTextFrom(from, consistent)),
      isOptedOut({ client, messages: tables.messages, keyring: async () => keyring }, to),
      findContactsByHash(tables, keyring.hashes(to), DO_NOT_CONTACT),
    ]);
    if (!mayText) return 'FROM_NOT_ALLOWED';
    if (optedOut) return 'OPTED_OUT';
    if (holders.inAudience) return 'DO_NOT_CONTACT';
    if (allowUnknown || recipientPresent || holders.any) return undefined;
    if (await retryConsistently((consistent) => isInDirectory(to, consistent))) return undefined;
    // The index showed no contact. Read it again consistently, audiences too: a contact that it shows now may be in one.
    const current = await findContactsByHash(tables, keyring.hashes(to), DO_NOT_CONTACT, {
      consistent: true,
    });
    if (current.inAudience) return 'DO_NOT_CONTACT';
    return current.any ? undefined : 'RECIPIENT_UNKNOWN';
  };

  async function mayTextFrom(from: string, consistent: boolean): Promise<boolean> {
    return maySendTexts(await getNumber(directory, from, { consistent }));
  }

  async function isInDirectory(to: string, consistent: boolean): Promise<boolean> {
    return (await getNumber(directory, to, { consistent })) !== undefined;
  }
}
