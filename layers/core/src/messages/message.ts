import type { Keyring } from '#core/platform/keys/index.ts';
import { decrypt, encrypt } from '#core/platform/keys/index.ts';
import { dueKeys, messageIdOfKey, messageKey, partsOfMessageId, unknownKeys } from './table-keys.ts';

/** The way in that accepted a message. */
export type MessageOrigin = 'api' | 'batch' | 'flow';

export type MessageEncoding = 'GSM-7' | 'UCS-2';

/** The local times of the recipient between which no text is sent: `{from: '21:00', until: '08:00'}`. */
export interface QuietHours {
  from: string;
  until: string;
}

/** Why a message must not be sent. */
export type SuppressedReason = 'OPTED_OUT' | 'DO_NOT_CONTACT' | 'RECIPIENT_UNKNOWN' | 'FROM_NOT_ALLOWED';

/** How a person resolves an UNKNOWN message. */
export type ResolvedAs = 'SENT' | 'FAILED' | 'RESEND';

/**
 * The state of a message; see docs/messages.md. Times are ISO 8601. At `dueAt`, the scheduled run processes the message,
 * even if its stream record or its dispatcher was lost.
 */
export type MessageStatus =
  | { state: 'ACCEPTED'; dueAt: string }
  /** The next attempt is at `dueAt`. */
  | { state: 'WAITING'; dueAt: string; reason: string }
  /** One dispatcher has claimed it, and may have sent it at any time since. */
  | { state: 'SENDING'; dueAt: string; claim: string; claimedAt: string }
  | { state: 'SENT'; endedAt: string; providerMessageId?: string }
  /** It will never be sent: `EXPIRED`, `UNREADABLE`, `RESOLVED`, or the name of the provider's error. */
  | { state: 'FAILED'; endedAt: string; reason: string }
  /** The response of the provider was lost. A person may resolve it. */
  | { state: 'UNKNOWN'; since: string; reason: string }
  /** No sender is configured, so it was not sent. */
  | { state: 'STORED'; endedAt: string }
  | { state: 'SUPPRESSED'; endedAt: string; reason: SuppressedReason };

export type MessageState = MessageStatus['state'];

/** States in which the dispatcher still has work to do. */
export const OPEN_STATES = ['ACCEPTED', 'WAITING', 'SENDING'] as const satisfies readonly MessageState[];

/** Every attribute that belongs to a state or to the index, without a value. A move removes those of the previous state. */
export const STATUS_CLEARED = {
  state: undefined,
  dueAt: undefined,
  reason: undefined,
  claim: undefined,
  claimedAt: undefined,
  endedAt: undefined,
  providerMessageId: undefined,
  since: undefined,
  gsi1pk: undefined,
  gsi1sk: undefined,
};

/** A message as MessagesTable holds it. `blob` is its encrypted body. */
export interface Message {
  messageId: string;
  /** The sending number, in E.164. */
  from: string;
  blob: Uint8Array;
  segments: number;
  encoding: MessageEncoding;
  origin: MessageOrigin;
  quiet?: QuietHours;
  /** The recipient was on a call when it was accepted, so the number need not be known. */
  recipientPresent?: boolean;
  /** How often it was sent to the provider, or may have been. */
  attempts: number;
  acceptedAt: string;
  /** The end of the quiet hours for which it waited. ISO 8601. */
  notBefore?: string;
  /** When DynamoDB may delete it, in seconds since 1970. */
  ttl: number;
  /** How and when a person resolved it. Absent when it was never resolved. */
  resolution?: { as: ResolvedAs; at: string };
  status: MessageStatus;
}

/** The personal data of a message. */
export interface MessageBody {
  /** E.164. */
  to: string;
  content: string;
}

export function encryptBody(keyring: Keyring, messageId: string, body: MessageBody): Buffer {
  return encrypt(keyring, { kind: 'message', id: messageId }, Buffer.from(JSON.stringify(body)));
}

/** @throws {CipherError} when the body cannot be decrypted */
export function decryptBody(
  keyring: Keyring,
  { messageId, blob }: Pick<Message, 'messageId' | 'blob'>,
): MessageBody {
  return JSON.parse(decrypt(keyring, { kind: 'message', id: messageId }, blob).toString()) as MessageBody;
}

/** The whole item of a message. */
export function messageItem({ messageId, status, ...message }: Message): Record<string, unknown> {
  const parts = partsOfMessageId(messageId);
  if (!parts) throw new RangeError('messageItem: the message ID is invalid; use messageIdFor.');
  return { ...messageKey(parts), ...message, ...status, ...indexKeys(messageId, status) };
}

/** The keys of a message in DueIndex; undefined in a state that needs no more work. */
export function indexKeys(
  messageId: string,
  status: MessageStatus,
): { gsi1pk: string; gsi1sk: string } | undefined {
  const parts = partsOfMessageId(messageId);
  if (!parts) return undefined;
  if (status.state === 'UNKNOWN') return unknownKeys(parts, status.since);
  return 'dueAt' in status ? dueKeys(parts, status.dueAt) : undefined;
}

/** Undefined for an item that is not a message. */
export function messageFromItem(item: Record<string, unknown> | undefined): Message | undefined {
  const messageId = item && messageIdOfKey(item);
  if (messageId === undefined || !(item?.blob instanceof Uint8Array) || typeof item.state !== 'string') {
    return undefined;
  }
  const { pk: _, sk: __, gsi1pk: ___, gsi1sk: ____, ...rest } = item;
  const { from, blob, segments, encoding, origin, quiet, recipientPresent, ...more } = rest;
  const { attempts, acceptedAt, notBefore, ttl, resolution, ...status } = more;
  const message = { messageId, from, blob, segments, encoding, origin, attempts, acceptedAt, ttl, status };
  return {
    ...message,
    ...(quiet === undefined ? {} : { quiet }),
    ...(recipientPresent === true ? { recipientPresent } : {}),
    ...(notBefore === undefined ? {} : { notBefore }),
    ...(resolution === undefined ? {} : { resolution }),
  } as Message;
}
