// Measures accepting messages and bare writes in turn, so that a slow moment of the machine affects both.
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createApiRequest } from './api-request.ts';
import { CONTENT, createBarePut, type MessageBenchSettings, measureMs } from './message-floor.ts';

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
const CALLS_PER_SLICE = 150;
const CONCURRENCY = 16;

process.once('disconnect', () => process.exit());

const settings: MessageBenchSettings = JSON.parse(process.env.BENCH_MESSAGES ?? '{}');
const { from, recipients } = settings;
const putBare = createBarePut(settings);
const { handler }: { handler: Handler } = await import(
  pathToFileURL(resolve('dist/functions/messages-api/index.mjs')).href
);

await measureMs(WARM_UP, 1, sendOne);
await measureMs(WARM_UP, 1, putBare);
const [sendOneRate, bareRate] = await compare(1);
const [sendOneAtOnce, bareAtOnce] = await compare(CONCURRENCY);
process.send?.({ sendOne: sendOneRate, bare: bareRate, sendOneAtOnce, bareAtOnce } satisfies MessageSamples);

async function compare(atOnce: number): Promise<[number, number]> {
  let ours = 0;
  let theirs = 0;
  for (let slice = 0; slice < SLICES; slice += 1) {
    ours += await measureMs(CALLS_PER_SLICE, atOnce, sendOne);
    theirs += await measureMs(CALLS_PER_SLICE, atOnce, putBare);
  }
  const perSecond = (milliseconds: number) => (SLICES * CALLS_PER_SLICE * 1_000) / milliseconds;
  return [perSecond(ours), perSecond(theirs)];
}

async function sendOne(call: number): Promise<void> {
  const sms = {
    idempotencyKey: randomUUID(),
    fromPhoneNumber: from,
    toPhoneNumber: recipients[call % recipients.length],
    content: CONTENT,
  };
  const { statusCode, body } = await handler(
    createApiRequest('POST', '/sms/send/one', JSON.stringify({ sms })),
    {},
  );
  if (statusCode !== 200 || JSON.parse(body).duplicate !== false)
    throw new Error(`The function returned ${statusCode}.`);
}
