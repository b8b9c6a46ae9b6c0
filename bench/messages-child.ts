// Measures accepting messages and bare writes in turn, so that a slow moment of the machine hits both.
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { requestOf } from './request.ts';

/** Messages, and bare conditional PutItems, a second. */
export interface MessageSamples {
  sendOne: number;
  bare: number;
  sendOneAtOnce: number;
  bareAtOnce: number;
}

type Handler = (event: object, context: object) => Promise<{ statusCode: number; body: string }>;

const WARM_UP = 300;
const SLICES = 8;
const CALLS_A_SLICE = 150;
const AT_ONCE = 16;

process.once('disconnect', () => process.exit());

interface Settings {
  endpoint: string;
  table: string;
  from: string;
  recipients: string[];
}

const { endpoint, table, from, recipients }: Settings = JSON.parse(process.env.BENCH_MESSAGES ?? '{}');
const client = new DynamoDBClient({ endpoint });
const { handler }: { handler: Handler } = await import(
  pathToFileURL(resolve('dist/functions/messages-api/index.mjs')).href
);
const CONTENT = 'Your order is ready. Come and see us between nine and five, we look forward to you. ';

await run(WARM_UP, 1, sendOne);
await run(WARM_UP, 1, putBare);
const [sendOneRate, bareRate] = await compare(1);
const [sendOneAtOnce, bareAtOnce] = await compare(AT_ONCE);
process.send?.({ sendOne: sendOneRate, bare: bareRate, sendOneAtOnce, bareAtOnce } satisfies MessageSamples);

async function compare(atOnce: number): Promise<[number, number]> {
  let ours = 0;
  let theirs = 0;
  for (let slice = 0; slice < SLICES; slice += 1) {
    ours += await run(CALLS_A_SLICE, atOnce, sendOne);
    theirs += await run(CALLS_A_SLICE, atOnce, putBare);
  }
  const perSecond = (milliseconds: number) => (SLICES * CALLS_A_SLICE * 1_000) / milliseconds;
  return [perSecond(ours), perSecond(theirs)];
}

/** @returns milliseconds */
async function run(calls: number, atOnce: number, work: (call: number) => Promise<void>): Promise<number> {
  let next = 0;
  const started = performance.now();
  const worker = async () => {
    while (next < calls) {
      next += 1;
      await work(next);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return performance.now() - started;
}

async function sendOne(call: number): Promise<void> {
  const sms = {
    idempotencyKey: randomUUID(),
    fromPhoneNumber: from,
    toPhoneNumber: recipients[call % recipients.length],
    content: CONTENT,
  };
  const { statusCode, body } = await handler(requestOf('POST', '/sms/send/one', JSON.stringify({ sms })), {});
  if (statusCode !== 200 || JSON.parse(body).duplicate !== false) throw new Error(`Answered ${statusCode}.`);
}

/** An item of the size of a message, with its place in the index. */
async function putBare(): Promise<void> {
  const id = randomUUID();
  const Item = {
    pk: { S: `BARE#${id}${id.slice(0, 8)}` },
    sk: { S: `MESSAGE#${id.slice(0, 26)}` },
    gsi1pk: { S: `DUE#${id.charCodeAt(0) % 8}` },
    gsi1sk: { S: `2026-01-01T00:00:00.000Z#${id}` },
    state: { S: 'ACCEPTED' },
    dueAt: { S: '2026-01-01T00:00:00.000Z' },
    acceptedAt: { S: '2026-01-01T00:00:00.000Z' },
    from: { S: from },
    origin: { S: 'api' },
    encoding: { S: 'GSM-7' },
    segments: { N: '1' },
    attempts: { N: '0' },
    ttl: { N: '1800000000' },
    blob: { B: Buffer.alloc(CONTENT.length + 80, id) },
  };
  await client.send(
    new PutItemCommand({ TableName: table, Item, ConditionExpression: 'attribute_not_exists(pk)' }),
  );
}
