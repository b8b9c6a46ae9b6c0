// caller-lookup's built artifact, warm, at 1,000 and at 200,000 contacts, against the same two Queries with a bare
// client.
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { lookupKey, toProfileItem } from '@switchboard/core/contacts';
import { type BenchTables, createBenchKeyring, createBenchTables } from './bench-tables.ts';
import type { Samples } from './lookup-child.ts';
import { measureInChild, startKmsEmulator } from './measure-in-child.ts';
import { type Figure, percentile } from './report.ts';

const SMALL = 1_000;
const LARGE = 200_000;
const WRITE_CONCURRENCY = 4;

export async function measureLookup(): Promise<Figure[]> {
  const small = await createBenchTables();
  const large = await createBenchTables(small.endpoint);
  const kms = await startKmsEmulator();
  try {
    await storeContacts(small, SMALL);
    await storeContacts(large, LARGE);
    const samples = await measure({ small, large }, kms.url);
    return [
      compare(`p50 at ${SMALL} contacts`, samples.small, samples.bare, 0.5, 1.25),
      compare(`p99 at ${SMALL} contacts`, samples.small, samples.bare, 0.99, 1.5),
      {
        ...compare(`p50 at ${LARGE} contacts`, samples.large, samples.small, 0.5, 1.15),
        note: `floor: at ${SMALL}`,
      },
    ];
  } finally {
    kms.stop();
    await large.stop();
    await small.stop();
  }
}

function compare(name: string, own: number[], floor: number[], share: number, atMost: number): Figure {
  return {
    name: `caller-lookup, warm, ${name}`,
    value: percentile(own, share),
    floor: percentile(floor, share),
    unit: 'ms',
    goal: { atMost },
  };
}

function measure(tables: Record<'small' | 'large', BenchTables>, kmsUrl: string): Promise<Samples> {
  return measureInChild('tools/bench/lookup-child.ts', {
    BENCH_TABLES: JSON.stringify({
      small: { ...tablesOf(tables.small), count: SMALL },
      large: { ...tablesOf(tables.large), count: LARGE },
    }),
    AWS_ENDPOINT_URL_KMS: kmsUrl,
    DIRECTORY_TABLE: tables.small.directory,
  });
}

function tablesOf({ endpoint, contacts, lookup }: BenchTables) {
  return { endpoint, contacts, lookup };
}

/** Stores contacts as the API does, and their index rows. */
async function storeContacts({ client, contacts, lookup }: BenchTables, count: number): Promise<void> {
  const keyring = createBenchKeyring();
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
  await Promise.all(Array.from({ length: WRITE_CONCURRENCY }, writer));
}
