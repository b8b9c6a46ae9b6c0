import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export interface EngineProcess {
  endpoint: string;
  /** Resolves when the process has ended, whatever ended it. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

/**
 * The engine runs behind a shell that ends it when our end of its standard input closes, which the operating
 * system does whatever becomes of us: a crash or SIGKILL leaves no engine behind. The shell's own words go
 * nowhere, because writing to us when we are gone would end it too early.
 */
const GUARD = [
  'exec 3<&0',
  '"$0" "$@" </dev/null 3<&- & engine=$!',
  '(cat <&3 >/dev/null; kill $engine) 2>/dev/null &',
  'exec 3<&- 2>/dev/null',
  'wait $engine; code=$?',
  '[ -z "$SCRATCH" ] || rm -rf "$SCRATCH"',
  'exit $code',
].join('\n');

/**
 * Starts the engine and waits until it answers.
 *
 * @param scratch a folder that goes with the engine, however it ends
 */
export async function startEngineProcess(
  binary: string,
  databaseFile: string,
  port: number,
  scratch = '',
): Promise<EngineProcess> {
  const child = spawn(
    'sh',
    ['-c', GUARD, binary, 'serve', '--host', '127.0.0.1', '--port', String(port), '--db-path', databaseFile],
    // Detached: Ctrl-C reaches us, and we stop the engine when nothing needs it any more.
    { stdio: ['pipe', 'ignore', 'pipe'], detached: true, env: { ...process.env, SCRATCH: scratch } },
  );
  const errors: Buffer[] = [];
  child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk));
  const ended = once(child, 'exit').then(() => closeGuard(child));
  const closed = once(child, 'close');
  const endpoint = `http://127.0.0.1:${port}`;
  try {
    await Promise.race([
      waitUntilReady(endpoint, child),
      ended.then(() => Promise.reject(new Error('it ended at once'))),
    ]);
  } catch (cause) {
    closeGuard(child);
    // What it wrote last may still be in the pipe.
    await closed;
    const said = Buffer.concat(errors).toString().trim();
    const fault = cannotBeExecuted(child)
      ? `cannot be executed on this machine: ${said}. ${ALTERNATIVE_ENGINE}`
      : `did not start on port ${port}: ${said || String(cause)}`;
    const Kind = /already in use/.test(said) ? PortTakenError : Error;
    throw new Kind(`The embedded DynamoDB engine ${fault}`, { cause });
  }
  return {
    endpoint,
    ended,
    async stop() {
      closeGuard(child);
      await ended;
    },
  };
}

/** Another process listens on the engine's port. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';
}

/** It starts in milliseconds, but can take long on a busy machine. */
const START_TIMEOUT_MS = 30_000;

/** The shell's exit codes for a program without the right to run, for another processor, or without its loader. */
function cannotBeExecuted({ exitCode }: ChildProcess): boolean {
  return exitCode === 126 || exitCode === 127;
}

function closeGuard(child: ChildProcess): void {
  child.stdin?.on('error', () => {}).destroy();
}

/** Waits for a response of the engine, because another server may have taken the port. */
async function waitUntilReady(endpoint: string, child: ChildProcess): Promise<void> {
  const latest = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < latest && child.exitCode === null) {
    const response = await fetch(endpoint).catch(() => undefined);
    await response?.arrayBuffer();
    if (response?.headers.has('x-dynoxide-version')) return;
    await delay(10);
  }
  throw new Error(`it did not answer within ${START_TIMEOUT_MS / 1000} seconds`);
}

/** What to do where the embedded engine does not run. */
export const ALTERNATIVE_ENGINE =
  'Start DynamoDB Local (docker run -p 8000:8000 amazon/dynamodb-local, or the Java archive) and set ' +
  'DYNAMODB_ENDPOINT=http://127.0.0.1:8000.';

/**
 * The embedded DynamoDB engine for this machine, an optional dependency.
 *
 * @throws when there is none; the message says what to set instead
 */
export function findEngineBinary(root: string, platform = `${process.platform}-${process.arch}`): string {
  try {
    return createRequire(join(root, 'package.json')).resolve(`@dynoxide/${platform}/dynoxide`);
  } catch (cause) {
    throw new Error(
      `There is no embedded DynamoDB engine for this machine (${platform}). ${ALTERNATIVE_ENGINE}`,
      { cause },
    );
  }
}
