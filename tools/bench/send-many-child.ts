// Accepts a request of 10,000 lines through the built function, and tells how fast, and what it held meanwhile.
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { barePut, CONTENT, type MessageBench, timed } from './message-floor.ts';
import { requestOf } from './request.ts';

export interface ManySamples {
  lines: number;
  /** Lines, and bare conditional PutItems, a second. */
  perSecond: number;
  bare: number;
  /** What a collection left at its most, the request itself not counted, with all lines and with a tenth of them. */
  heldMegabytes: number;
  fewHeldMegabytes: number;
}

type Handler = (event: object, context: object) => Promise<{ statusCode: number; body: string }>;

const LINES = 10_000;
const WARM_UP = 300;
/** As many as the function has at once. */
const AT_ONCE = 32;
const CONTEXT = { getRemainingTimeInMillis: () => 29_000 };

process.once('disconnect', () => process.exit());

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');
const settings: MessageBench = JSON.parse(process.env.BENCH_MESSAGES ?? '{}');
const { from, recipients } = settings;
const putBare = barePut(settings);
const { handler }: { handler: Handler } = await import(
  pathToFileURL(resolve('dist/functions/messages-api/index.mjs')).href
);

await timed(WARM_UP, AT_ONCE, putBare);
await sendMany(WARM_UP);
const before = await timed(LINES / 2, AT_ONCE, putBare);
const milliseconds = await sendMany(LINES);
const after = await timed(LINES / 2, AT_ONCE, putBare);
const fewHeldMegabytes = await heldBy(LINES / 10);
const heldMegabytes = await heldBy(LINES);
process.send?.({
  lines: LINES,
  perSecond: (LINES * 1_000) / milliseconds,
  bare: (LINES * 1_000) / (before + after),
  heldMegabytes,
  fewHeldMegabytes,
} satisfies ManySamples);

/** @returns milliseconds */
async function sendMany(lines: number): Promise<number> {
  const request = requestOf('POST', '/sms/send/many', ndjson(lines));
  const started = performance.now();
  const { statusCode, body } = await handler(request, CONTEXT);
  const spent = performance.now() - started;
  const { accepted } = JSON.parse(body);
  if (statusCode !== 202 || accepted !== lines)
    throw new Error(`Answered ${statusCode}: ${accepted} accepted.`);
  return spent;
}

/** Measured apart from the time, because collections take some. */
async function heldBy(lines: number): Promise<number> {
  const request = requestOf('POST', '/sms/send/many', ndjson(lines));
  const size = Buffer.byteLength(JSON.stringify(request));
  const base = held();
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, held());
  }, 200);
  await handler(request, CONTEXT);
  clearInterval(timer);
  // The router makes bytes of the text: once more what the request has, however many lines that are.
  return Math.max(0, Math.max(most, held()) - base - size) / 1024 ** 2;
}

function held(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function ndjson(lines: number): string {
  const one = (_: unknown, line: number) =>
    `${JSON.stringify({
      idempotencyKey: randomUUID(),
      fromPhoneNumber: from,
      toPhoneNumber: recipients[line % recipients.length],
      content: CONTENT,
    })}\n`;
  return Array.from({ length: lines }, one).join('');
}
