// The changes of contacts per second that are indexed, against bare BatchWrites of the same rows.
import { BatchWriteCommand, type BatchWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { indexBatch } from '@switchboard/core/contacts/indexing';
import type { DynamoDBRecord } from 'aws-lambda';
import { type BenchTables, createBenchTables } from './bench-tables.ts';
import type { Figure } from './report.ts';

const CONTACTS = 5_000;
const BATCH_SIZE = 100;
const WRITE_BATCH_SIZE = 25;
const WRITE_CONCURRENCY = 8;

type RowWrite = NonNullable<BatchWriteCommandInput['RequestItems']>[string][number];

export async function measureIndexing(): Promise<Figure[]> {
  const tables = await createBenchTables();
  try {
    const contactIds = Array.from({ length: CONTACTS }, (_, number) => `bench-${number}`);
    await storeContacts(tables, contactIds);
    await writeRows(
      tables,
      contactIds.flatMap((id) => [oldRow(id), oldRow(`floor-${id}`)]),
    );
    const batches = chunks(contactIds, BATCH_SIZE);
    // They alternate, so that a slow moment of the machine affects both.
    let floorTime = 0;
    let ownTime = 0;
    const counted = countWrites(tables);
    for (const batch of batches) {
      floorTime += await measureMs(() =>
        writeRows(
          tables,
          batch.flatMap((id) => changeOf(`floor-${id}`)),
        ),
      );
      counted.on = true;
      ownTime += await measureMs(() => indexContacts(tables, batch));
      counted.on = false;
    }
    const changedKeys = CONTACTS * 2;
    return [
      {
        name: `index: changes, ${CONTACTS} in batches of ${BATCH_SIZE}`,
        value: CONTACTS / (ownTime / 1_000),
        floor: CONTACTS / (floorTime / 1_000),
        unit: '/s',
        goal: { atLeast: 0.6 },
      },
      {
        name: 'index: rows written per change',
        value: counted.writes / CONTACTS,
        floor: changedKeys / CONTACTS,
        unit: 'rows',
        goal: { atMost: 1 },
        note: 'floor: the keys that changed',
      },
    ];
  } finally {
    await tables.stop();
  }
}

/** Each contact has gained one identifier and lost another. */
function changeOf(contactId: string): RowWrite[] {
  return [
    { PutRequest: { Item: { pk: hashOf(contactId, 'new'), sk: contactId } } },
    { DeleteRequest: { Key: { pk: hashOf(contactId, 'old'), sk: contactId } } },
  ];
}

function oldRow(contactId: string): RowWrite {
  return { PutRequest: { Item: { pk: hashOf(contactId, 'old'), sk: contactId } } };
}

function recordOf(contactId: string): DynamoDBRecord {
  const Keys = { pk: { S: `CONTACT#${contactId}` }, sk: { S: 'PROFILE' } };
  return {
    eventName: 'MODIFY',
    dynamodb: {
      Keys,
      OldImage: { ...Keys, keys: { SS: [hashOf(contactId, 'same'), hashOf(contactId, 'old')] } },
      NewImage: { ...Keys, keys: { SS: [hashOf(contactId, 'same'), hashOf(contactId, 'new')] } },
      SequenceNumber: '1',
    },
  };
}

async function indexContacts(tables: BenchTables, batch: string[]): Promise<void> {
  const failures = await indexBatch(tables, batch.map(recordOf));
  if (failures.length > 0) throw new Error(`${failures.length} records failed.`);
}

async function writeRows({ client, lookup }: BenchTables, rows: RowWrite[]): Promise<void> {
  const queue = chunks(rows, WRITE_BATCH_SIZE);
  const writer = async () => {
    for (let part = queue.pop(); part; part = queue.pop()) {
      await client.send(new BatchWriteCommand({ RequestItems: { [lookup]: part } }));
    }
  };
  await Promise.all(Array.from({ length: WRITE_CONCURRENCY }, writer));
}

async function storeContacts({ client, contacts }: BenchTables, contactIds: string[]): Promise<void> {
  for (const part of chunks(contactIds, WRITE_BATCH_SIZE)) {
    const requests = part.map((id) => ({
      PutRequest: {
        Item: { pk: `CONTACT#${id}`, sk: 'PROFILE', keys: new Set([hashOf(id, 'same'), hashOf(id, 'new')]) },
      },
    }));
    await client.send(new BatchWriteCommand({ RequestItems: { [contacts]: requests } }));
  }
}

/** Counts the rows of LookupTable that are written or deleted while `on` is true. */
function countWrites({ client, lookup }: BenchTables): { on: boolean; writes: number } {
  const counted = { on: false, writes: 0 };
  client.middlewareStack.add(
    (next) => (args) => {
      const { RequestItems } = args.input as { RequestItems?: Record<string, unknown[]> };
      const rows = RequestItems?.[lookup];
      if (counted.on && Array.isArray(rows)) counted.writes += rows.length;
      return next(args);
    },
    { step: 'initialize', name: 'countWrites' },
  );
  return counted;
}

/** Has 43 characters, like a hash. */
function hashOf(contactId: string, which: string): string {
  return `${contactId}-${which}`.padEnd(43, '_').slice(0, 43);
}

async function measureMs(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) =>
    list.slice(i * size, (i + 1) * size),
  );
}
