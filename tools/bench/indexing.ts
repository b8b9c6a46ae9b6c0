// How many changes of contacts a second go into the index, against the same rows written by bare BatchWrites.
import { BatchWriteCommand, type BatchWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { indexBatch } from '@switchboard/core/contacts/indexing';
import type { DynamoDBRecord } from 'aws-lambda';
import type { Figure } from './report.ts';
import { startWorld, type World } from './world.ts';

const CONTACTS = 5_000;
const BATCH = 100;
const ROWS_A_WRITE = 25;
const WRITES_AT_ONCE = 8;

type RowWrite = NonNullable<BatchWriteCommandInput['RequestItems']>[string][number];

export async function indexing(): Promise<Figure[]> {
  const world = await startWorld();
  try {
    const contactIds = Array.from({ length: CONTACTS }, (_, number) => `bench-${number}`);
    await storeContacts(world, contactIds);
    await writeBare(
      world,
      contactIds.flatMap((id) => [oldRow(id), oldRow(`floor-${id}`)]),
    );
    const batches = chunks(contactIds, BATCH);
    // Alternating, so that a slow moment of the machine hits both.
    let floorTime = 0;
    let ownTime = 0;
    const counted = countWrites(world);
    for (const batch of batches) {
      floorTime += await timed(() =>
        writeBare(
          world,
          batch.flatMap((id) => moveOf(`floor-${id}`)),
        ),
      );
      counted.on = true;
      ownTime += await timed(() => index(world, batch));
      counted.on = false;
    }
    const changedKeys = CONTACTS * 2;
    return [
      {
        name: `index: changes, ${CONTACTS} in batches of ${BATCH}`,
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
    await world.stop();
  }
}

/** Each contact has gained one identifier and lost another. */
function moveOf(contactId: string): RowWrite[] {
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

async function index(world: World, batch: string[]): Promise<void> {
  const failures = await indexBatch(world, batch.map(recordOf));
  if (failures.length > 0) throw new Error(`${failures.length} records failed.`);
}

async function writeBare({ client, lookup }: World, rows: RowWrite[]): Promise<void> {
  const queue = chunks(rows, ROWS_A_WRITE);
  const writer = async () => {
    for (let part = queue.pop(); part; part = queue.pop()) {
      await client.send(new BatchWriteCommand({ RequestItems: { [lookup]: part } }));
    }
  };
  await Promise.all(Array.from({ length: WRITES_AT_ONCE }, writer));
}

async function storeContacts({ client, contacts }: World, contactIds: string[]): Promise<void> {
  for (const part of chunks(contactIds, ROWS_A_WRITE)) {
    const requests = part.map((id) => ({
      PutRequest: {
        Item: { pk: `CONTACT#${id}`, sk: 'PROFILE', keys: new Set([hashOf(id, 'same'), hashOf(id, 'new')]) },
      },
    }));
    await client.send(new BatchWriteCommand({ RequestItems: { [contacts]: requests } }));
  }
}

/** Counts the rows of LookupTable that are put or deleted while it is on. */
function countWrites({ client, lookup }: World): { on: boolean; writes: number } {
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

/** 43 characters, as a hash has. */
function hashOf(contactId: string, which: string): string {
  return `${contactId}-${which}`.padEnd(43, '_').slice(0, 43);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) =>
    list.slice(i * size, (i + 1) * size),
  );
}
