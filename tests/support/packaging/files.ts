import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Every file below a folder by its path, with a hash of its bytes; what is no plain file is told as what it is. */
export function filesBelow(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  const files: Record<string, string> = {};
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path);
    if (entry.isSymbolicLink()) files[name] = `link to ${readlinkSync(path)}`;
    else if (entry.isFile()) files[name] = createHash('sha256').update(readFileSync(path)).digest('hex');
    else if (!entry.isDirectory()) files[name] = 'neither a file nor a folder';
  }
  return files;
}

/** The bytes of all files below a folder together. */
export function bytesBelow(folder: string): number {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + readFileSync(join(entry.parentPath, entry.name)).length, 0);
}
