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
 * The engine runs behind a shell that ends it when its standard input closes. The operating system closes the input even
 * if this process crashes or is killed, so no engine is left behind. The output of the shell is discarded, because writing
 * to a closed pipe would end the shell too early.
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
 * Starts the engine and waits until it responds.
 *
 * @param scratch a folder that is deleted when the engine ends
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
    // Detached, so that Ctrl-C does not reach the engine before its users have stopped.
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
    // The pipe can still contain the last output.
    await closed;
    const said = Buffer.concat(errors).toString().trim();
    const fault = cannotBeExecuted(child)
      ? `cannot be executed on this system: ${said}. ${ALTERNATIVE_ENGINE}`
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

/** The engine starts in milliseconds, but a busy system can take longer. */
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

/** The alternative if the embedded engine does not run. */
export const ALTERNATIVE_ENGINE =
  'Start DynamoDB Local (docker run -p 8000:8000 amazon/dynamodb-local, or the Java archive) and set ' +
  'DYNAMODB_ENDPOINT=http://127.0.0.1:8000.';

/**
 * The embedded DynamoDB engine for this platform, an optional dependency.
 *
 * @throws if there is none; the message names the alternative
 */
export function findEngineBinary(root: string, platform = `${process.platform}-${process.arch}`): string {
  try {
    return createRequire(join(root, 'package.json')).resolve(`@dynoxide/${platform}/dynoxide`);
  } catch (cause) {
    throw new Error(
      `There is no embedded DynamoDB engine for this platform (${platform}). ${ALTERNATIVE_ENGINE}`,
      { cause },
    );
  }
}
