// npm start: runs the local stack.
import { resolve } from 'node:path';
import { createFunctionLog } from './function-log.ts';
import { startLocalStack } from './local-stack.ts';
import { HELP, parseOptions, UsageError } from './options.ts';
import { readyLine, startupMessage } from './startup-message.ts';

/** Longer than a clean stop takes. */
const STOP_MS = 8_000;

const PARENT_CHECK_MS = 500;

const stopped = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve());
  // npm passes a signal to its shell only. This process notices that the shell has ended.
  const parent = process.ppid;
  const orphaned = () => process.ppid !== parent && resolve();
  if (process.env.npm_lifecycle_event) setInterval(orphaned, PARENT_CHECK_MS).unref();
});

process.exitCode = await main().catch((error: unknown) => {
  const text = error instanceof UsageError ? error.message : error instanceof Error ? error.message : error;
  process.stderr.write(`npm start: ${text}\n`);
  return 1;
});
// Open handles must not keep the process alive.
process.exit();

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const log = createFunctionLog((text) => process.stderr.write(text));
  const starting = startLocalStack({
    ...options,
    root: resolve(import.meta.dirname, '../..'),
    dynamodbEndpoint: process.env.DYNAMODB_ENDPOINT || undefined,
    onLog: log.listener,
    onProgress: (text) => process.stdout.write(`${text}\n`),
  });
  const stack = await Promise.race([starting, stopped]).catch((error: unknown) => {
    log.startOutput();
    throw error;
  });
  if (!stack) {
    // Stopped during the start: let the start finish, so that everything can be cleaned up.
    return stop(async () => (await starting.catch(() => undefined))?.stop());
  }
  process.stdout.write(`${startupMessage(stack)}\n${readyLine(stack.urls)}\n`);
  log.startOutput();
  const broken = await Promise.race([stack.failure, stopped]);
  if (broken) process.stderr.write(`npm start: ${broken}\n`);
  const code = await stop(stack.stop);
  return broken ? 1 : code;
}

async function stop(cleanUp: () => Promise<void> | undefined): Promise<number> {
  const timer = setTimeout(() => process.exit(0), STOP_MS);
  await cleanUp();
  clearTimeout(timer);
  return 0;
}
