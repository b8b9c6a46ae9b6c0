// caller-lookup's built artifact, warm, at 1,000 and at 200,000 contacts, against the same two Queries with a bare
// client.
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { lookupKey, toProfileItem } from '@switchboard/core/contacts';
import { measureInChild, startKms } from './child.ts';
import type { Samples } from './lookup-child.ts';
import { type Figure, percentile } from './report.ts';
import { benchKeyring, startWorld, type World } from './world.ts';

const SMALL = 1_000;
const LARGE = 200_000;
const WRITES_AT_ONCE = 4;

export async function lookup(): Promise<Figure[]> {
  const small = await startWorld();
  const large = await startWorld(small.endpoint);
  const kms = await startKms();
  try {
    await storeContacts(small, SMALL);
    await storeContacts(large, LARGE);
    const samples = await measure({ small, large }, kms.url);
    return [
      compared(`p50 at ${SMALL} contacts`, samples.small, samples.bare, 0.5, 1.25),
      compared(`p99 at ${SMALL} contacts`, samples.small, samples.bare, 0.99, 1.5),
      {
        ...compared(`p50 at ${LARGE} contacts`, samples.large, samples.small, 0.5, 1.15),
        note: `floor: at ${SMALL}`,
      },
    ];
  } finally {
    kms.stop();
    await large.stop();
    await small.stop();
  }
}

function compared(name: string, own: number[], floor: number[], share: number, atMost: number): Figure {
  return {
    name: `caller-lookup, warm, ${name}`,
    value: percentile(own, share),
    floor: percentile(floor, share),
    unit: 'ms',
    goal: { atMost },
  };
}

function measure(worlds: Record<'small' | 'large', World>, kmsUrl: string): Promise<Samples> {
  return measureInChild('tools/bench/lookup-child.ts', {
    BENCH_WORLDS: JSON.stringify({
      small: { ...tablesOf(worlds.small), count: SMALL },
      large: { ...tablesOf(worlds.large), count: LARGE },
    }),
    AWS_ENDPOINT_URL_KMS: kmsUrl,
    DIRECTORY_TABLE: worlds.small.directory,
  });
}

function tablesOf({ endpoint, contacts, lookup }: World) {
  return { endpoint, contacts, lookup };
}

/** Contacts as the API stores them, and their rows of the index. */
async function storeContacts({ client, contacts, lookup }: World, count: number): Promise<void> {
  const keyring = benchKeyring();
  let next = 0;
  const writer = async () => {
    while (next < count) {
      const numbers = Array.from({ length: Math.min(12, count - next) }, (_, offset) => next + offset);
      next += numbers.length;
      const items = numbers.map((number) => profileOf(number));
      const put = (Item: Record<string, unknown>) => ({ PutRequest: { Item } });
      await client.send(
        new BatchWriteCommand({
          RequestItems: {
            [contacts]: items.map(({ item }) => put({ ...item })),
            [lookup]: items.map(({ id, phone }) => put(lookupKey(keyring.hash(phone), id))),
          },
        }),
      );
    }
  };
  const profileOf = (number: number) => {
    const id = `bench-${number}`;
    const phone = `+1415${String(2_000_000 + number)}`;
    const body = {
      firstName: 'Jane',
      lastName: `Bench ${number}`,
      language: 'en-US',
      identifiers: [phone],
      attributes: { tier: 'vip', segment: 'b2b' },
      privateAttributes: { note: 'x'.repeat(400) },
    };
    const item = toProfileItem(keyring, id, body, { version: 1, updatedAt: new Date(0).toISOString() });
    return { id, phone, item };
  };
  await Promise.all(Array.from({ length: WRITES_AT_ONCE }, writer));
}
