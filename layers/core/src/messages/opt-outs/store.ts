import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { laneOf, lanesOf } from '#core/messages/keys.ts';
import type { MessageTable } from '#core/messages/table.ts';
import { encrypt, type Keyring } from '#core/platform/keys/index.ts';

/** Who wants no texts (`OUT`), or wants them again (`IN`), since when and by what. */
export interface OptOut {
  state: 'OUT' | 'IN';
  /** ISO 8601 with milliseconds, so that texts sort as times do. */
  at: string;
  source: OptOutSource;
}

/** A text that somebody sent back, or the REST API. */
export type OptOutSource = 'TEXT' | 'API';

export interface OptOutStore extends MessageTable {
  keyring: () => Promise<Keyring>;
}

/** An opt-out as MessagesTable holds it. Nothing in it tells the number, but its ciphertext. */
export interface OptOutItem extends OptOut {
  pk: string;
  sk: typeof OPT_OUT;
  /** The encrypted number, so that a rotation can hash it anew. */
  blob: Uint8Array;
  /** Which key version made `pk` and `blob`. */
  keyVersion: number;
}

export const OPT_OUT = 'OPTOUT';

/**
 * What is known of a number: the newest of what stands under the hashes of all key versions in use, read
 * consistently. Undefined when nobody ever asked.
 *
 * @param phoneNumber in E.164: `+14155550100`
 */
export async function readOptOut(store: OptOutStore, phoneNumber: string): Promise<OptOut | undefined> {
  const keyring = await store.keyring();
  let known: OptOut | undefined;
  // The newest version last: a rotation writes the new row before it deletes the old one, so one of them is met.
  for (const lane of lanesOf(keyring, phoneNumber).toReversed()) {
    const { Item } = await store.client.send(
      new GetCommand({ TableName: store.messages, Key: optOutKey(lane), ConsistentRead: true }),
    );
    if (Item) known = newer(known, Item as OptOutItem);
  }
  return known;
}

/** Whether a number must not be texted. */
export async function optedOut(store: OptOutStore, phoneNumber: string): Promise<boolean> {
  return (await readOptOut(store, phoneNumber))?.state === 'OUT';
}

/**
 * Writes what somebody asked for, unless something newer is known: events come late, twice and in any order. At the
 * same moment, the wish for no texts wins.
 *
 * @param phoneNumber in E.164
 * @returns false when what is known is newer, or the same
 */
export async function writeOptOut(store: OptOutStore, phoneNumber: string, optOut: OptOut): Promise<boolean> {
  return putIfNewer(store, toItem(await store.keyring(), phoneNumber, optOut));
}

export async function putIfNewer({ client, messages }: MessageTable, item: OptOutItem): Promise<boolean> {
  const known = '#at < :at OR (#at = :at AND #state = :in AND :state = :out)';
  try {
    await client.send(
      new PutCommand({
        TableName: messages,
        Item: item,
        ConditionExpression: `attribute_not_exists(pk) OR ${known}`,
        ExpressionAttributeNames: { '#at': 'at', '#state': 'state' },
        ExpressionAttributeValues: { ':at': item.at, ':state': item.state, ':in': 'IN', ':out': 'OUT' },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}

/** Hashed and encrypted under the newest key version. */
export function toItem(keyring: Keyring, phoneNumber: string, { state, at, source }: OptOut): OptOutItem {
  const key = optOutKey(laneOf(keyring, phoneNumber));
  const blob = encrypt(keyring, { kind: 'opt-out', id: key.pk }, Buffer.from(phoneNumber));
  return { ...key, state, at, source, blob, keyVersion: keyring.newest };
}

function newer(one: OptOut | undefined, { state, at, source }: OptOut): OptOut {
  if (one && (one.at > at || (one.at === at && one.state === 'OUT'))) return one;
  return { state, at, source };
}

/** A partition of its own: the dispatcher reads a lane's messages again and again. */
function optOutKey(lane: string) {
  return { pk: `OPTOUT#${lane}`, sk: OPT_OUT } as const;
}
