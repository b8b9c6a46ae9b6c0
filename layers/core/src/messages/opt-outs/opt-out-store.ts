import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { MessageTable } from '#core/messages/table.ts';
import { laneOf, lanesOf } from '#core/messages/table-keys.ts';
import { writeIf } from '#core/platform/dynamodb/conditions.ts';
import { encrypt, type Keyring } from '#core/platform/keys/index.ts';

/** Whether a recipient gets no texts (`OPTED_OUT`) or texts again (`OPTED_IN`), since when, and by which source. */
export interface OptOut {
  state: 'OPTED_OUT' | 'OPTED_IN';
  /** ISO 8601 with milliseconds, so that the strings sort by time. */
  at: string;
  source: OptOutSource;
}

/** A text that the person sent, or the REST API. */
export type OptOutSource = 'TEXT' | 'API';

export interface OptOutStore extends MessageTable {
  keyring: () => Promise<Keyring>;
}

/** An opt-out as MessagesTable holds it. Only its ciphertext contains the number. */
export interface OptOutItem extends OptOut {
  pk: string;
  sk: typeof OPT_OUT_SORT_KEY;
  /** The encrypted number, so that a rotation can hash it again. */
  blob: Uint8Array;
  /** The key version of `pk` and `blob`. */
  keyVersion: number;
}

export const OPT_OUT_SORT_KEY = 'OPTOUT';

/**
 * Reads the opt-out of a number consistently: the newest one under the hashes of all key versions in use. Undefined when
 * there was never one.
 *
 * @param phoneNumber in E.164: `+14155550100`
 */
export async function readOptOut(store: OptOutStore, phoneNumber: string): Promise<OptOut | undefined> {
  const keyring = await store.keyring();
  let newest: OptOut | undefined;
  // Read the newest version last: a rotation writes the new row before it deletes the old one, so one of them is found.
  for (const lane of lanesOf(keyring, phoneNumber).toReversed()) {
    const { Item } = await store.client.send(
      new GetCommand({ TableName: store.messages, Key: optOutKey(lane), ConsistentRead: true }),
    );
    if (Item) newest = newerOptOut(newest, Item as OptOutItem);
  }
  return newest;
}

export async function isOptedOut(store: OptOutStore, phoneNumber: string): Promise<boolean> {
  return (await readOptOut(store, phoneNumber))?.state === 'OPTED_OUT';
}

/**
 * Writes an opt-out or opt-in, unless a newer one is stored: events arrive late, twice, and out of order. At the same
 * time, the opt-out wins.
 *
 * @param phoneNumber in E.164
 * @returns false when the stored one is newer, or the same
 */
export async function writeOptOut(store: OptOutStore, phoneNumber: string, optOut: OptOut): Promise<boolean> {
  return putOptOutIfNewer(store, toOptOutItem(await store.keyring(), phoneNumber, optOut));
}

export async function putOptOutIfNewer(
  { client, messages }: MessageTable,
  item: OptOutItem,
): Promise<boolean> {
  const isOlder = '#at < :at OR (#at = :at AND #state = :in AND :state = :out)';
  const put = new PutCommand({
    TableName: messages,
    Item: item,
    ConditionExpression: `attribute_not_exists(pk) OR ${isOlder}`,
    ExpressionAttributeNames: { '#at': 'at', '#state': 'state' },
    ExpressionAttributeValues: {
      ':at': item.at,
      ':state': item.state,
      ':in': 'OPTED_IN',
      ':out': 'OPTED_OUT',
    },
  });
  return writeIf(client.send(put));
}

/** Hashed and encrypted under the newest key version. */
export function toOptOutItem(
  keyring: Keyring,
  phoneNumber: string,
  { state, at, source }: OptOut,
): OptOutItem {
  const key = optOutKey(laneOf(keyring, phoneNumber));
  const blob = encrypt(keyring, { kind: 'opt-out', id: key.pk }, Buffer.from(phoneNumber));
  return { ...key, state, at, source, blob, keyVersion: keyring.newest };
}

function newerOptOut(one: OptOut | undefined, { state, at, source }: OptOut): OptOut {
  if (one && (one.at > at || (one.at === at && one.state === 'OPTED_OUT'))) return one;
  return { state, at, source };
}

/** An opt-out has its own partition, because the dispatcher reads the partition of a lane often. */
function optOutKey(lane: string) {
  return { pk: `OPTOUT#${lane}`, sk: OPT_OUT_SORT_KEY } as const;
}
