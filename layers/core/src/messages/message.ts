import type { Keyring } from '#core/platform/keys/index.ts';
import { decrypt, encrypt } from '#core/platform/keys/index.ts';
import { dueKeys, messageIdOfKey, messageKey, partsOfMessageId, unknownKeys } from './keys.ts';

/** Who accepted it. */
export type MessageOrigin = 'api' | 'batch' | 'flow';

export type MessageEncoding = 'GSM-7' | 'UCS-2';

/** Local times of the recipient between which nothing is sent: `{from: '21:00', until: '08:00'}`. */
export interface QuietHours {
  from: string;
  until: string;
}

/** Why a message was not sent on purpose. */
export type SuppressedReason = 'OPTED_OUT' | 'DO_NOT_CONTACT' | 'NOT_KNOWN' | 'FROM_NOT_OURS';

/** How a person decides about a message of which nobody knows whether it was sent. */
export type Decision = 'SENT' | 'FAILED' | 'RESEND';

/**
 * Where a message is on its way; see docs/messages.md. Times are ISO 8601. `dueAt` is when somebody has to look at it,
 * whatever became of the stream record or of the process that had it.
 */
export type MessageStatus =
  | { state: 'ACCEPTED'; dueAt: string }
  /** To be tried at `dueAt`. */
  | { state: 'WAITING'; dueAt: string; reason: string }
  /** Claimed by one dispatcher, which may have handed it over at any moment since. */
  | { state: 'SENDING'; dueAt: string; claim: string; claimedAt: string }
  | { state: 'SENT'; endedAt: string; providerMessageId?: string }
  /** Refused for good: `EXPIRED`, or the name of the sender's error. */
  | { state: 'FAILED'; endedAt: string; reason: string }
  /** The answer of the sender was lost. A person may decide. */
  | { state: 'UNKNOWN'; since: string; reason: string }
  /** No sender is configured, so nothing left. */
  | { state: 'STORED'; endedAt: string }
  | { state: 'SUPPRESSED'; endedAt: string; reason: SuppressedReason };

export type MessageState = MessageStatus['state'];

/** States in which something is still to be done, by us. */
export const OPEN_STATES = ['ACCEPTED', 'WAITING', 'SENDING'] as const satisfies readonly MessageState[];

/** Every attribute of an item that belongs to some state, and to the index: a move leaves none of another state. */
export const STATUS_ATTRIBUTES = [
  'state',
  'dueAt',
  'reason',
  'claim',
  'claimedAt',
  'endedAt',
  'providerMessageId',
  'since',
  'gsi1pk',
  'gsi1sk',
] as const;

/** A message as MessagesTable has it. Its recipient and its content are sealed in `blob`. */
export interface Message {
  messageId: string;
  /** A number of ours, in E.164. */
  from: string;
  blob: Uint8Array;
  segments: number;
  encoding: MessageEncoding;
  origin: MessageOrigin;
  quiet?: QuietHours;
  /** The recipient was talking with us when it was accepted, so nobody asks whether the number is known. */
  recipientPresent?: boolean;
  /** How often it was handed to the sender, or may have been. */
  attempts: number;
  acceptedAt: string;
  /** The end of the quiet hours that it waited for, ISO 8601. */
  notBefore?: string;
  /** When DynamoDB may delete it, in seconds since 1970. */
  ttl: number;
  /** How a person decided, and when; absent when nobody had to. */
  decision?: { as: Decision; at: string };
  status: MessageStatus;
}

/** What of a message is personal. */
export interface MessageBody {
  /** E.164. */
  to: string;
  content: string;
}

export function sealBody(keyring: Keyring, messageId: string, body: MessageBody): Buffer {
  return encrypt(keyring, { kind: 'message', id: messageId }, Buffer.from(JSON.stringify(body)));
}

/** @throws {CipherError} when it cannot be opened */
export function openBody(
  keyring: Keyring,
  { messageId, blob }: Pick<Message, 'messageId' | 'blob'>,
): MessageBody {
  return JSON.parse(decrypt(keyring, { kind: 'message', id: messageId }, blob).toString()) as MessageBody;
}

/** The whole item of a message. */
export function messageItem({ messageId, status, ...message }: Message): Record<string, unknown> {
  const parts = partsOfMessageId(messageId);
  if (!parts) throw new RangeError('This is no id of a message.');
  return { ...messageKey(parts), ...message, ...status, ...indexKeys(messageId, status) };
}

/** The keys that a message has in DueIndex in this state; none when there is nothing left to do. */
export function indexKeys(
  messageId: string,
  status: MessageStatus,
): { gsi1pk: string; gsi1sk: string } | undefined {
  const parts = partsOfMessageId(messageId);
  if (!parts) return undefined;
  if (status.state === 'UNKNOWN') return unknownKeys(parts, status.since);
  return 'dueAt' in status ? dueKeys(parts, status.dueAt) : undefined;
}

/** Undefined for an item that is no message, whatever wrote it. */
export function messageFromItem(item: Record<string, unknown> | undefined): Message | undefined {
  const messageId = item && messageIdOfKey(item);
  if (messageId === undefined || !(item?.blob instanceof Uint8Array) || typeof item.state !== 'string') {
    return undefined;
  }
  const { pk: _, sk: __, gsi1pk: ___, gsi1sk: ____, ...rest } = item;
  const { from, blob, segments, encoding, origin, quiet, recipientPresent, ...more } = rest;
  const { attempts, acceptedAt, notBefore, ttl, decision, ...status } = more;
  const message = { messageId, from, blob, segments, encoding, origin, attempts, acceptedAt, ttl, status };
  return {
    ...message,
    ...(quiet === undefined ? {} : { quiet }),
    ...(recipientPresent === true ? { recipientPresent } : {}),
    ...(notBefore === undefined ? {} : { notBefore }),
    ...(decision === undefined ? {} : { decision }),
  } as Message;
}
