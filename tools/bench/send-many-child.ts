// Sends a request with 10,000 lines to the built function, and measures its rate and memory.
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createApiRequest } from './api-request.ts';
import { CONTENT, createBarePut, type MessageBenchSettings, measureMs } from './message-floor.ts';

export interface ManySamples {
  lines: number;
  /** Lines, and bare conditional PutItems, a second. */
  perSecond: number;
  bare: number;
  /** The maximum after a garbage collection, without the request itself, with all lines and with a tenth of them. */
  heldMegabytes: number;
  fewHeldMegabytes: number;
}

type Handler = (event: object, context: object) => Promise<{ statusCode: number; body: string }>;

const LINES = 10_000;
const WARM_UP = 300;
/** The concurrency of the function. */
const CONCURRENCY = 32;
const CONTEXT = { getRemainingTimeInMillis: () => 29_000 };

process.once('disconnect', () => process.exit());

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');
const settings: MessageBenchSettings = JSON.parse(process.env.BENCH_MESSAGES ?? '{}');
const { from, recipients } = settings;
const putBare = createBarePut(settings);
const { handler }: { handler: Handler } = await import(
  pathToFileURL(resolve('dist/functions/messages-api/index.mjs')).href
);

await measureMs(WARM_UP, CONCURRENCY, putBare);
await sendMany(WARM_UP);
const before = await measureMs(LINES / 2, CONCURRENCY, putBare);
const milliseconds = await sendMany(LINES);
const after = await measureMs(LINES / 2, CONCURRENCY, putBare);
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
  const request = createApiRequest('POST', '/sms/send/many', ndjson(lines));
  const started = performance.now();
  const { statusCode, body } = await handler(request, CONTEXT);
  const spent = performance.now() - started;
  const { accepted } = JSON.parse(body);
  if (statusCode !== 202 || accepted !== lines)
    throw new Error(`The function returned ${statusCode} and accepted ${accepted} lines.`);
  return spent;
}

/** Memory is measured apart from time, because garbage collections take time. */
async function heldBy(lines: number): Promise<number> {
  const request = createApiRequest('POST', '/sms/send/many', ndjson(lines));
  const size = Buffer.byteLength(JSON.stringify(request));
  const base = held();
  let max = 0;
  const timer = setInterval(() => {
    max = Math.max(max, held());
  }, 200);
  await handler(request, CONTEXT);
  clearInterval(timer);
  // The router converts the text to bytes, which is the size of the request once more.
  return Math.max(0, Math.max(max, held()) - base - size) / 1024 ** 2;
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
