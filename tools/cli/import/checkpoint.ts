import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { readJson } from '#tools/cli/json-file.ts';

export interface Checkpoint {
  format: 1;
  /** The file it belongs to: see `fingerprint`. */
  file: string;
  /** The table and all else that says what a row becomes. */
  target: string;
  /** All rows before this place are in the table or in the rejected file. */
  offset: number;
  line: number;
  /** How long the rejected file was then. */
  rejectedLength: number;
  counts: Counts;
}

export interface Counts {
  read: number;
  written: number;
  unchanged: number;
  rejected: number;
}

const HEAD = 64 * 1024;

/** Says whether a file is still the one a checkpoint was made for: its size, time of change and first bytes. */
export async function fingerprint(file: FileHandle): Promise<string> {
  const { size, mtimeMs } = await file.stat();
  const head = Buffer.alloc(Math.min(HEAD, size));
  await file.read(head, 0, head.length, 0);
  return `${size}-${mtimeMs}-${createHash('sha256').update(head).digest('hex').slice(0, 16)}`;
}

/** Undefined when there is none, or none that can be read: then an import starts from the top. */
export async function loadCheckpoint(path: string): Promise<Checkpoint | undefined> {
  const saved = (await readJson(path)) as Checkpoint | undefined;
  return saved?.format === 1 ? saved : undefined;
}
