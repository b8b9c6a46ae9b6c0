import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UsageError } from './options.ts';

/**
 * Creates the folder if it does not exist, and locks it for this process.
 *
 * @param path absolute
 * @returns releases the lock
 * @throws {UsageError} when it is not a folder, cannot be created or written, or is in use
 */
export function acquireDataDir(path: string): () => void {
  try {
    createFolder(path);
    return lockDataDir(path);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(
      `--data-dir ${path} cannot be created or written (${code ?? message}). Choose another folder.`,
    );
  }
}

/** One level at a time: where a file system refuses new folders (/proc), Node's recursive mkdir never ends. */
function createFolder(path: string): void {
  const there = statSync(path, { throwIfNoEntry: false });
  if (there?.isDirectory()) return;
  if (there)
    throw new UsageError(`--data-dir must be a folder, but ${path} is a file. Choose another folder.`);
  createFolder(dirname(path));
  mkdirSync(path);
}

/** A killed process exists until the system has freed its resources. */
const EXIT_WAIT_MS = 2_000;

/**
 * Locks a data directory for this process.
 *
 * @param waitMs how long to wait for the end of another process, in milliseconds
 * @returns releases the lock
 * @throws {UsageError} when another process that is alive uses it
 */
export function lockDataDir(dataDir: string, waitMs = EXIT_WAIT_MS): () => void {
  const path = join(dataDir, 'lock');
  for (let attempt = 0; ; attempt++) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 0) throw error;
      const owner = Number(readFileSync(path, 'utf8'));
      if (isStillAlive(owner, waitMs)) {
        throw new UsageError(
          `${dataDir} is in use by process ${owner}. Stop it, or choose another --data-dir.`,
        );
      }
      // A killed process left it.
      rmSync(path, { force: true });
    }
  }
}

/** Waits for the end of a process. Blocks the thread, because nothing else runs yet. */
function isStillAlive(pid: number, waitMs: number): boolean {
  const end = Date.now() + waitMs;
  while (isAlive(pid)) {
    if (Date.now() >= end) return true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  }
  return false;
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
