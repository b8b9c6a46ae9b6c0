import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { LineImportState } from '@switchboard/core/platform/jobs/line-import';
import { readJson } from '#tools/cli/json-file.ts';

/** What a checkpoint belongs to. */
export interface ImportIdentity {
  format: 1;
  /** See `fingerprint`. */
  file: string;
  /** The table and the settings that decide how a row is stored. */
  target: string;
}

/** The bytes at the beginning of a file that its fingerprint covers. */
const HEAD_SIZE = 64 * 1024;

/** Identifies the content of a file by its size, time of change, and first bytes. */
export async function fingerprint(file: FileHandle): Promise<string> {
  const { size, mtimeMs } = await file.stat();
  const head = Buffer.alloc(Math.min(HEAD_SIZE, size));
  await file.read(head, 0, head.length, 0);
  return `${size}-${mtimeMs}-${createHash('sha256').update(head).digest('hex').slice(0, 16)}`;
}

/** Returns undefined when there is no readable checkpoint. Then an import starts from the beginning. */
export async function loadCheckpoint(path: string): Promise<(ImportIdentity & LineImportState) | undefined> {
  const saved = (await readJson(path)) as (ImportIdentity & LineImportState) | undefined;
  return saved?.format === 1 ? saved : undefined;
}
