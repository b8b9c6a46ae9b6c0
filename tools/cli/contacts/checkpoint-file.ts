import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Checkpoint } from '@switchboard/core/platform/jobs/resumable-job';
import { readJson, removeFile, saveJson } from '#tools/cli/json-file.ts';

/**
 * Keeps the state of a job in a file. One that cannot be read counts as none, and so does one that was kept for
 * another target.
 */
export function checkpointFile(path: string, target: string): Checkpoint {
  return {
    async load() {
      const saved = (await readJson(path)) as { target?: unknown; state?: unknown } | undefined;
      return saved?.target === target ? saved.state : undefined;
    },
    async save(state) {
      await mkdir(dirname(path), { recursive: true });
      await saveJson(path, { target, state });
    },
    clear: () => removeFile(path),
  };
}
