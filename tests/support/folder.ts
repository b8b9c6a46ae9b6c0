import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made: string[] = [];

// Also after tests that failed.
afterAll(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A new, empty folder of this test file, which goes when its tests have ended. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-test-'));
  made.push(folder);
  return folder;
}
