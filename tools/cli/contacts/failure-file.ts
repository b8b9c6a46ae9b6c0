import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { removeFile } from '#tools/cli/json-file.ts';

/**
 * A file of contacts that could not be moved, each once, though pages may be read again after a kill. A contact's
 * id is personal: mode 0600.
 */
export function failureFile(path: string) {
  let known = new Set<string>();
  return {
    path,
    /** Keeps what an interrupted run wrote when this one goes on with it, and forgets any other. */
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
