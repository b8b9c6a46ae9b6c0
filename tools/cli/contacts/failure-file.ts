import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { removeFile } from '#tools/cli/json-file.ts';

/**
 * Creates a file of the contacts that could not be rotated. It has each contact once, even if an interrupted run read
 * its page twice. Only its owner may read it, because the ID of a contact is personal data.
 */
export function createFailureFile(path: string) {
  let known = new Set<string>();
  return {
    path,
    /** Keeps the lines of an interrupted run that this run resumes. Otherwise, starts an empty file. */
    async begin(resumed: boolean): Promise<void> {
      if (!resumed) await removeFile(path);
      known = new Set((await readLines(path)).filter((line) => line !== ''));
    },
    async add(pk: string, reason: string): Promise<void> {
      const line = `${pk} ${reason}`;
      if (known.has(line)) return;
      known.add(line);
      await mkdir(dirname(path), { recursive: true });
      await appendFile(path, `${line}\n`, { mode: 0o600 });
    },
  };
}

async function readLines(path: string): Promise<string[]> {
  try {
    return (await readFile(path, 'utf8')).split('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
