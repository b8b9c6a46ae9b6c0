import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Checkpoint } from '@switchboard/core/platform/jobs/resumable-job';
import { readJson, removeFile, saveJson } from '#tools/cli/json-file.ts';

/** Creates a checkpoint in a file. A file that cannot be read, or that belongs to another target, is ignored. */
export function createCheckpointFile(path: string, target: string): Checkpoint {
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
