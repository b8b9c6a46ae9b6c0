import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { lockDataDir } from './lock.ts';
import { UsageError } from './options.ts';

/**
 * Makes the folder if it is not there, and keeps it to this machine.
 *
 * @param path absolute
 * @returns gives it back
 * @throws {UsageError} when it is no folder, cannot be made or written, or is in use
 */
export function openDataDir(path: string): () => void {
  try {
    makeFolder(path);
    return lockDataDir(path);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(
      `--data-dir ${path} must be a folder that can be made and written (${code ?? message}). Choose another.`,
    );
  }
}

/** One level at a time: where a file system refuses new folders (/proc), Node's recursive mkdir never ends. */
function makeFolder(path: string): void {
  const there = statSync(path, { throwIfNoEntry: false });
  if (there?.isDirectory()) return;
  if (there) throw new UsageError(`--data-dir must be a folder, and ${path} is a file. Choose another.`);
  makeFolder(dirname(path));
  mkdirSync(path);
}
