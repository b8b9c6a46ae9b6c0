// phonebook-api's built artifact, warm: finding a number against a bare GetItem, and reserving with 64 clients at once.
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { type BenchTables, createBenchTables } from './bench-tables.ts';
import { measureInChild } from './measure-in-child.ts';
import type { PhonebookSamples } from './phonebook-child.ts';
import { type Figure, percentile } from './report.ts';

/** They share one pool. Each one also has a small pool of its own. */
const CLIENTS = 64;
const SHARED = { areaCode: '613', numbers: 9_000 };
const OWN_NUMBERS = 400;
const WRITE_CONCURRENCY = 4;

export async function measurePhonebook(): Promise<Figure[]> {
  const tables = await createBenchTables();
  try {
    const areaCodes = [SHARED.areaCode, ...ownAreaCodes()];
    await storeNumbers(
      tables,
      areaCodes.flatMap((areaCode) => numbersOf(areaCode)),
    );
    return figuresOf(await measure(tables));
  } finally {
    await tables.stop();
  }
}

function figuresOf({ find, bare, shared, own, alone, ...rest }: PhonebookSamples): Figure[] {
  const p99 = (samples: number[]) => percentile(samples, 0.99);
  const queue = p99(rest.bareMany) / p99(rest.bareAlone);
  const calls = (count: number) => count.toFixed(2);
  return [
    {
      name: 'find, warm, one after the other',
      value: find,
      floor: bare,
      unit: 'per s',
      goal: { atLeast: 0.7 },
      note: 'floor: bare GetItem',
    },
    {
      name: 'find, sustained',
      value: find,
      floor: 100,
      unit: 'per s',
      goal: { atLeast: 1 },
      note: 'floor: the goal',
    },
    {
      name: `reserve, ${CLIENTS} clients on one pool, p99`,
      value: p99(shared),
      floor: p99(own),
      unit: 'ms',
      goal: { atMost: 3 },
      note: `floor: ${CLIENTS} clients, each on a pool of its own; ${calls(rest.callsShared)} calls of DynamoDB for one, there ${calls(rest.callsOwn)}`,
    },
    {
      name: `reserve, ${CLIENTS} clients on one pool, p99`,
      value: p99(shared),
      floor: p99(alone) * queue,
      unit: 'ms',
      goal: { atMost: 3 },
      note: `floor: one client (${p99(alone).toFixed(1)} ms) times ${queue.toFixed(1)}, what ${CLIENTS} who read and write as much with a bare client wait for the one engine`,
    },
  ];
}

function measure({ endpoint, directory }: BenchTables): Promise<PhonebookSamples> {
  return measureInChild('tools/bench/phonebook-child.ts', {
    BENCH_PHONEBOOK: JSON.stringify({
      endpoint,
      table: directory,
      shared: { areaCode: SHARED.areaCode, numbers: SHARED.numbers },
      own: ownAreaCodes(),
    }),
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    DIRECTORY_TABLE: directory,
    RESERVATION_MINUTES: '60',
    QUARANTINE_DAYS: '30',
  });
}

/** Area codes from 320 up, as far as they can be. */
function ownAreaCodes(): string[] {
  const codes: string[] = [];
  for (let code = 320; codes.length < CLIENTS; code += 1) {
    if (!/^.(9|11)/.test(String(code)) && String(code) !== SHARED.areaCode) codes.push(String(code));
  }
  return codes;
}

function numbersOf(areaCode: string): string[] {
  const length = areaCode === SHARED.areaCode ? SHARED.numbers : OWN_NUMBERS;
  return Array.from({ length }, (_, index) => `+1${areaCode}${2_000_000 + index}`);
}

/** Unused direct numbers as the directory stores them. */
async function storeNumbers({ client, directory }: BenchTables, numbers: string[]): Promise<void> {
  const itemOf = (number: string) => ({
    pk: `NUMBER#${number}`,
    sk: 'NUMBER',
    pool: 'direct',
    state: 'UNUSED',
    source: 'import',
    gsi1pk: 'UNUSED#direct',
    gsi1sk: number,
  });
  let next = 0;
  const writer = async () => {
    while (next < numbers.length) {
      const batch = numbers.slice(next, next + 25);
      next += batch.length;
      await client.send(
        new BatchWriteCommand({
          RequestItems: { [directory]: batch.map((number) => ({ PutRequest: { Item: itemOf(number) } })) },
        }),
      );
    }
  };
  await Promise.all(Array.from({ length: WRITE_CONCURRENCY }, writer));
}
