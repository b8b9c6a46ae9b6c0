// The keys of messages and of what dispatching needs in MessagesTable. No other file builds them.
import type { Keyring } from '#core/platform/keys/index.ts';

/** Lists what is due (`DUE#<shard>`, in order of time) and what a person must resolve (`UNKNOWN`); keys only. */
export const DUE_INDEX = 'DueIndex';

/** The partition of the index with the UNKNOWN messages. */
export const UNKNOWN_PARTITION = 'UNKNOWN';

/** Due messages are in this many partitions, so that the rate of one partition does not limit accepting. */
export const DUE_SHARDS = 8;

const LANE_PREFIX = 'TO#';
const MESSAGE_PREFIX = 'MESSAGE#';

/**
 * The lane of a recipient: all messages to one number, in the order in which they were accepted. A keyed hash, because
 * the number itself is personal data.
 */
export function laneOf(keyring: Keyring, to: string): string {
  return keyring.hash(lanePurpose(to));
}

/** The lanes that a recipient has under every key version in use, the newest first. */
export function lanesOf(keyring: Keyring, to: string): string[] {
  return keyring.hashes(lanePurpose(to));
}

/** The prefix makes lanes differ from the hashes in LookupTable, which are of the number alone. */
function lanePurpose(to: string): string {
  return `sms ${to}`;
}

export function lanePartition(lane: string): string {
  return `${LANE_PREFIX}${lane}`;
}

/** The lane in a partition key; undefined when the item is not a message. */
export function laneOfKey(pk: unknown): string | undefined {
  return typeof pk === 'string' && pk.startsWith(LANE_PREFIX) ? pk.slice(LANE_PREFIX.length) : undefined;
}

/** A message ID contains the key of its item: `<ulid>.<lane>`. */
export function messageIdFor(ulid: string, lane: string): string {
  return `${ulid}.${lane}`;
}

/** Crockford's Base32, a dot, and a hash in Base64url. */
const MESSAGE_ID = /^(?<ulid>[0-7][0-9A-HJKMNP-TV-Z]{25})\.(?<lane>[A-Za-z0-9_-]{43})$/;

export interface MessageIdParts {
  /** Sorts by the time of acceptance. It reveals nothing about the recipient, so logs may contain it. */
  ulid: string;
  lane: string;
}

/** Undefined when the text is not a message ID. */
export function partsOfMessageId(messageId: string): MessageIdParts | undefined {
  const groups = MESSAGE_ID.exec(messageId)?.groups;
  return groups as MessageIdParts | undefined;
}

/** The primary key of a message. */
export function messageKey({ ulid, lane }: MessageIdParts) {
  return { pk: lanePartition(lane), sk: `${MESSAGE_PREFIX}${ulid}` };
}

/** The ID of the message with this primary key; undefined when the item is not a message. */
export function messageIdOfKey({ pk, sk }: { pk?: unknown; sk?: unknown }): string | undefined {
  const lane = laneOfKey(pk);
  if (lane === undefined || typeof sk !== 'string' || !sk.startsWith(MESSAGE_PREFIX)) return undefined;
  return messageIdFor(sk.slice(MESSAGE_PREFIX.length), lane);
}

/** The index keys of a message that is due at this time, in ISO 8601. */
export function dueKeys({ ulid, lane }: MessageIdParts, dueAt: string) {
  return { gsi1pk: duePartition(shardOf(lane)), gsi1sk: `${dueAt}#${ulid}` };
}

/** The index keys of a message that waits for a person since this time, in ISO 8601. */
export function unknownKeys({ ulid }: MessageIdParts, since: string) {
  return { gsi1pk: UNKNOWN_PARTITION, gsi1sk: `${since}#${ulid}` };
}

/** @param shard 0 ≤ shard < DUE_SHARDS */
export function duePartition(shard: number): string {
  return `DUE#${shard}`;
}

/** Hashes are distributed evenly, and so is their first byte. */
function shardOf(lane: string): number {
  return (Buffer.from(lane.slice(0, 2), 'base64url')[0] ?? 0) % DUE_SHARDS;
}

/** The row that spaces the texts of one origin: a phone number, or the identity that sends every text. */
export function rateKey(origin: string) {
  return { pk: `ORIGIN#${origin}`, sk: 'RATE' };
}
