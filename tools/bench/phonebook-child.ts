// Measures finding and reserving and what they are held against in turn, so that a slow moment of the machine hits all.
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
import { requestOf } from './request.ts';

export interface PhonebookSamples {
  /** Finds a second through the handler, and bare GetItems a second. */
  find: number;
  bare: number;
  /** Milliseconds of each reservation: many clients on one pool, on pools of their own, and one client alone. */
  shared: number[];
  own: number[];
  alone: number[];
  /** Calls of DynamoDB that a reservation took: two are the least, more tell of others who were quicker. */
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
const FINDS_A_SLICE = 300;
const ROUNDS = 3;
const RESERVATIONS_A_ROUND = 5;
/** What a reservation reads of the index. */
const PAGE = 100;

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

/** One after the other, as one environment of a function works. */
async function measureFinds(): Promise<{ find: number; bare: number }> {
  for (let call = 0; call < WARM_UP; call += 1) {
    await find();
    await getBare();
  }
  let ours = 0;
  let theirs = 0;
  for (let slice = 0; slice < SLICES; slice += 1) {
    ours += await timed(() => times(FINDS_A_SLICE, find));
    theirs += await timed(() => times(FINDS_A_SLICE, getBare));
  }
  const calls = SLICES * FINDS_A_SLICE;
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
  await atOnce(() => reserve(settings.shared.areaCode), [], 1);
  await atOnce((index) => reserve(settings.own[index] ?? ''), [], 1);
  for (let round = 0; round < ROUNDS; round += 1) {
    callsShared += await atOnce(() => reserve(settings.shared.areaCode), shared);
    callsOwn += await atOnce((index) => reserve(settings.own[index] ?? ''), own);
    await atOnce(reserveBare, bareMany);
    for (let call = 0; call < 100; call += 1) {
      alone.push(await timed(() => reserve(settings.shared.areaCode)));
      bareAlone.push(await timed(reserveBare));
    }
  }
  callsShared /= shared.length;
  callsOwn /= own.length;
  return { shared, own, alone, callsShared, callsOwn, bareMany, bareAlone };
}

/** All clients at once, each one call after the other. Answers how many calls of DynamoDB they made. */
async function atOnce(
  work: (client: number) => Promise<void>,
  samples: number[],
  times = RESERVATIONS_A_ROUND,
): Promise<number> {
  const before = calls;
  const run = async (_: unknown, index: number) => {
    for (let time = 0; time < times; time += 1) samples.push(await timed(() => work(index)));
  };
  await Promise.all(Array.from({ length: clients }, run));
  return calls - before;
}

/** Every other one is of a number that is not there. */
function someNumber(): { number: string; exists: boolean } {
  const index = Math.floor(Math.random() * settings.shared.numbers);
  const exists = index % 2 === 0;
  return { number: `+1${settings.shared.areaCode}${(exists ? 2_000_000 : 5_000_000) + index}`, exists };
}

async function find(): Promise<void> {
  const { number, exists } = someNumber();
  const path = `/phonebook/find/${number}`;
  const { statusCode, body } = await handler(requestOf('GET', path), {});
  if (statusCode !== 200 || JSON.parse(body).exists !== exists) throw new Error(`Answered ${statusCode}.`);
}

async function getBare(): Promise<void> {
  const { number, exists } = someNumber();
  const Key = { pk: { S: `NUMBER#${number}` }, sk: { S: 'NUMBER' } };
  const { Item } = await client.send(new GetItemCommand({ TableName: settings.table, Key }));
  if ((Item !== undefined) !== exists) throw new Error('A number is not as it was stored.');
}

async function reserve(areaCode: string): Promise<void> {
  const request = requestOf('POST', '/phonebook/reserve', JSON.stringify({ areaCode, count: 5 }));
  const { statusCode, body } = await handler(request, {});
  if (statusCode !== 200 || JSON.parse(body).phoneNumbers.length !== 5) {
    throw new Error(`A reservation was answered with ${statusCode}.`);
  }
}

/** As much as a reservation of five numbers reads and writes, with items that nobody else knows. */
async function reserveBare(): Promise<void> {
  await client.send(
    new QueryCommand({
      TableName: settings.table,
      IndexName: 'AssignmentIndex',
      KeyConditionExpression: 'gsi1pk = :pool AND gsi1sk >= :from',
      ExpressionAttributeValues: { ':pool': { S: 'UNUSED#direct' }, ':from': { S: someNumber().number } },
      ProjectionExpression: 'pk',
      Limit: PAGE,
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

async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
