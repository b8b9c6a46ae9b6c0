import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { newFolder } from '#support/folder.ts';
import { createFailureFile } from '#tools/cli/contacts/failure-file.ts';

let path: string;

beforeEach(async () => {
  const folder = newFolder();
  path = join(folder, 'state', 'rotate-keys.failed');
});

async function run(resumed: boolean, failures: [pk: string, reason: string][]): Promise<string> {
  const file = createFailureFile(path);
  await file.begin(resumed);
  for (const [pk, reason] of failures) await file.add(pk, reason);
  return readFile(path, 'utf8');
}

test('names each contact once, and only its owner can read it', async () => {
  const text = await run(false, [
    ['CONTACT#a', 'FORGED'],
    ['CONTACT#a', 'FORGED'],
  ]);

  expect(text).toBe('CONTACT#a FORGED\n');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('a resumed run keeps the lines of the interrupted one', async () => {
  await run(false, [['CONTACT#a', 'FORGED']]);

  const text = await run(true, [
    ['CONTACT#a', 'FORGED'],
    ['CONTACT#b', 'TRUNCATED'],
  ]);

  expect(text).toBe('CONTACT#a FORGED\nCONTACT#b TRUNCATED\n');
});

test('a run from the beginning removes the lines of an earlier one', async () => {
  await run(false, [['CONTACT#a', 'FORGED']]);

  expect(await run(false, [['CONTACT#b', 'TRUNCATED']])).toBe('CONTACT#b TRUNCATED\n');
});
