import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Started {
  urls: { api: string; lambda: string; connect: string; dynamodb: string };
  stop(): Promise<void>;
}

/** Starts the application as a person would, and waits for the line that says it is ready. */
export async function npmStart(flags: string[] = []): Promise<Started> {
  const child = spawn('npm', ['start', '--', ...flags], {
    // A group of its own: npm hands no signal on to what it started.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  try {
    const ready = await Promise.race([readyLine(child), ended.then(() => undefined)]);
    if (!ready) throw new Error(`npm start ended with ${child.exitCode} before it was ready.`);
    return { urls: ready, stop: () => stop(child, ended) };
  } catch (error) {
    await stop(child, ended);
    throw error;
  }
}

function readyLine({ stdout, stderr }: ChildProcess): Promise<Started['urls']> {
  return new Promise((resolve, reject) => {
    let output = '';
    stderr?.on('data', (chunk) => {
      output += chunk;
    });
    stdout?.on('data', (chunk) => {
      output += chunk;
      const [, api, lambda, connect, dynamodb] =
        /^ready: api=(\S+) lambda=(\S+) connect=(\S+) dynamodb=(\S+)$/m.exec(output) ?? [];
      if (api && lambda && connect && dynamodb) resolve({ api, lambda, connect, dynamodb });
    });
    stdout?.on('end', () => reject(new Error(`npm start did not become ready:\n${output}`)));
  });
}

async function stop({ pid, exitCode }: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (pid === undefined || exitCode !== null) return;
  process.kill(-pid, 'SIGTERM');
  await ended;
}
