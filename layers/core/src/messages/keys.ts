// The keys of MessagesTable. Written nowhere else.
import type { Keyring } from '#core/platform/keys/index.ts';

/** Answers what is due (`DUE#<shard>`, in order of time) and what a person has to decide (`UNKNOWN`); keys only. */
export const DUE_INDEX = 'DueIndex';

/** The partition of the index with the messages of which nobody knows whether they were sent. */
export const UNKNOWN_PARTITION = 'UNKNOWN';

/** What is due lies in this many partitions, so that accepting is not bound to the rate of one. */
export const DUE_SHARDS = 8;

const LANE_PREFIX = 'TO#';
const MESSAGE_PREFIX = 'MESSAGE#';

/**
 * The lane of a recipient: all messages to one number, in the order in which they were accepted. A keyed hash, because
 * the number itself is personal.
 */
export function laneOf(keyring: Keyring, to: string): string {
  return keyring.hash(lanePurpose(to));
}

/** The lanes that a recipient has under every key version in use, the newest first. */
export function lanesOf(keyring: Keyring, to: string): string[] {
  return keyring.hashes(lanePurpose(to));
}

/** Keeps lanes apart from the rows of LookupTable, which hash the bare number. */
function lanePurpose(to: string): string {
  return `sms ${to}`;
}

export function lanePartition(lane: string): string {
  return `${LANE_PREFIX}${lane}`;
}

/** The lane in a partition key; undefined when the item is no message's. */
export function laneOfKey(pk: unknown): string | undefined {
  return typeof pk === 'string' && pk.startsWith(LANE_PREFIX) ? pk.slice(LANE_PREFIX.length) : undefined;
}

/** An id finds its item: `<ulid>.<lane>`. */
export function messageIdFor(ulid: string, lane: string): string {
  return `${ulid}.${lane}`;
}

/** Crockford's base 32, a dot, and a hash in base64url. */
const MESSAGE_ID = /^(?<ulid>[0-7][0-9A-HJKMNP-TV-Z]{25})\.(?<lane>[A-Za-z0-9_-]{43})$/;

export interface MessageIdParts {
  /** Sorts by the time of acceptance. Says nothing about the recipient, so it may be logged. */
  ulid: string;
  lane: string;
}

/** Undefined when the text is no id of a message. */
export function partsOfMessageId(messageId: string): MessageIdParts | undefined {
  const groups = MESSAGE_ID.exec(messageId)?.groups;
  return groups as MessageIdParts | undefined;
}

/** The primary key of a message. */
export function messageKey({ ulid, lane }: MessageIdParts) {
  return { pk: lanePartition(lane), sk: `${MESSAGE_PREFIX}${ulid}` };
}

/** The id of the message with this primary key; undefined when the item is none. */
export function messageIdOfKey({ pk, sk }: { pk?: unknown; sk?: unknown }): string | undefined {
  const lane = laneOfKey(pk);
  if (lane === undefined || typeof sk !== 'string' || !sk.startsWith(MESSAGE_PREFIX)) return undefined;
  return messageIdFor(sk.slice(MESSAGE_PREFIX.length), lane);
}

/** The index keys of a message on which something has to be done at this time, in ISO 8601. */
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

/** A hash is spread evenly, so its first byte is. */
function shardOf(lane: string): number {
  return (Buffer.from(lane.slice(0, 2), 'base64url')[0] ?? 0) % DUE_SHARDS;
}
