// Measures finding, reserving, and their floors in turn, so that a slow moment of the machine affects all of them.
import { randomUUID } from 'node:crypto';
import { subscribe } from 'node:diagnostics_channel';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { createApiRequest } from './api-request.ts';

export interface PhonebookSamples {
  /** Finds a second through the handler, and bare GetItems a second. */
  find: number;
  bare: number;
  /** Milliseconds of each reservation: many clients on one pool, on pools of their own, and one client alone. */
  shared: number[];
  own: number[];
  alone: number[];
  /** Calls of DynamoDB for one reservation. The minimum is 2; more calls follow a conflict with another client. */
  callsShared: number;
  callsOwn: number;
  /** Milliseconds of a bare page of the index and a bare transaction, by as many clients and by one. */
  bareMany: number[];
  bareAlone: number[];
}

interface Settings {
  endpoint: string;
  table: string;
  shared: { areaCode: string; numbers: number };
  own: string[];
}

type Handler = (event: object, context: object) => Promise<{ statusCode: number; body: string }>;

const WARM_UP = 500;
const SLICES = 20;
const FINDS_PER_SLICE = 300;
const ROUNDS = 3;
const RESERVATIONS_PER_ROUND = 5;
/** The rows of the index that a reservation reads. */
const PAGE_SIZE = 100;

let calls = 0;
subscribe('http.client.request.start', () => {
  calls += 1;
});

process.once('disconnect', () => process.exit());

const settings: Settings = JSON.parse(process.env.BENCH_PHONEBOOK ?? '{}');
const clients = settings.own.length;
const client = new DynamoDBClient({ endpoint: settings.endpoint });
const { handler }: { handler: Handler } = await import(
  pathToFileURL(resolve('dist/functions/phonebook-api/index.mjs')).href
);

const rates = await measureFinds();
process.send?.({ ...rates, ...(await measureReservations()) } satisfies PhonebookSamples);

/** Calls one after the other, as one execution environment does. */
async function measureFinds(): Promise<{ find: number; bare: number }> {
  for (let call = 0; call < WARM_UP; call += 1) {
    await find();
    await getItem();
  }
  let ours = 0;
  let theirs = 0;
  for (let slice = 0; slice < SLICES; slice += 1) {
    ours += await measureMs(() => times(FINDS_PER_SLICE, find));
    theirs += await measureMs(() => times(FINDS_PER_SLICE, getItem));
  }
  const calls = SLICES * FINDS_PER_SLICE;
  return { find: (calls / ours) * 1_000, bare: (calls / theirs) * 1_000 };
}

async function measureReservations(): Promise<Omit<PhonebookSamples, 'find' | 'bare'>> {
  const shared: number[] = [];
  const own: number[] = [];
  const alone: number[] = [];
  const bareMany: number[] = [];
  const bareAlone: number[] = [];
  let callsShared = 0;
  let callsOwn = 0;
  await runClients(() => reserve(settings.shared.areaCode), [], 1);
  await runClients((index) => reserve(settings.own[index] ?? ''), [], 1);
  for (let round = 0; round < ROUNDS; round += 1) {
    callsShared += await runClients(() => reserve(settings.shared.areaCode), shared);
    callsOwn += await runClients((index) => reserve(settings.own[index] ?? ''), own);
    await runClients(reserveBare, bareMany);
    for (let call = 0; call < 100; call += 1) {
      alone.push(await measureMs(() => reserve(settings.shared.areaCode)));
      bareAlone.push(await measureMs(reserveBare));
    }
  }
  callsShared /= shared.length;
  callsOwn /= own.length;
  return { shared, own, alone, callsShared, callsOwn, bareMany, bareAlone };
}

/** Runs all clients at once, each with one call after the other. Returns the number of calls of DynamoDB. */
async function runClients(
  work: (client: number) => Promise<void>,
  samples: number[],
  times = RESERVATIONS_PER_ROUND,
): Promise<number> {
  const before = calls;
  const run = async (_: unknown, index: number) => {
    for (let time = 0; time < times; time += 1) samples.push(await measureMs(() => work(index)));
  };
  await Promise.all(Array.from({ length: clients }, run));
  return calls - before;
}

/** Every second number does not exist. */
function randomNumber(): { number: string; exists: boolean } {
  const index = Math.floor(Math.random() * settings.shared.numbers);
  const exists = index % 2 === 0;
  return { number: `+1${settings.shared.areaCode}${(exists ? 2_000_000 : 5_000_000) + index}`, exists };
}

async function find(): Promise<void> {
  const { number, exists } = randomNumber();
  const path = `/phonebook/find/${number}`;
  const { statusCode, body } = await handler(createApiRequest('GET', path), {});
  if (statusCode !== 200 || JSON.parse(body).exists !== exists)
    throw new Error(`The function returned ${statusCode}.`);
}

async function getItem(): Promise<void> {
  const { number, exists } = randomNumber();
  const Key = { pk: { S: `NUMBER#${number}` }, sk: { S: 'NUMBER' } };
  const { Item } = await client.send(new GetItemCommand({ TableName: settings.table, Key }));
  if ((Item !== undefined) !== exists) throw new Error('A number is not stored as expected.');
}

async function reserve(areaCode: string): Promise<void> {
  const request = createApiRequest('POST', '/phonebook/reserve', JSON.stringify({ areaCode, count: 5 }));
  const { statusCode, body } = await handler(request, {});
  if (statusCode !== 200 || JSON.parse(body).phoneNumbers.length !== 5) {
    throw new Error(`The function returned ${statusCode} for a reservation.`);
  }
}

/** Reads and writes as much as a reservation of five numbers, with items that no other client uses. */
async function reserveBare(): Promise<void> {
  await client.send(
    new QueryCommand({
      TableName: settings.table,
      IndexName: 'AssignmentIndex',
      KeyConditionExpression: 'gsi1pk = :pool AND gsi1sk >= :from',
      ExpressionAttributeValues: { ':pool': { S: 'UNUSED#direct' }, ':from': { S: randomNumber().number } },
      ProjectionExpression: 'pk',
      Limit: PAGE_SIZE,
    }),
  );
  const id = randomUUID();
  const TransactItems = Array.from({ length: 6 }, (_, index) => ({
    Put: {
      TableName: settings.table,
      Item: { pk: { S: `BARE#${id}#${index}` }, sk: { S: 'BARE' }, gsi1pk: { S: 'BARE' }, gsi1sk: { S: id } },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  }));
  await client.send(new TransactWriteItemsCommand({ TransactItems }));
}

async function times(count: number, work: () => Promise<void>): Promise<void> {
  for (let call = 0; call < count; call += 1) await work();
}

async function measureMs(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
