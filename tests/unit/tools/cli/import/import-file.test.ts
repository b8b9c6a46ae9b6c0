import { execFile } from 'node:child_process';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { InvalidInputError, UnavailableError } from '#core/platform/errors.ts';
import { newFolder } from '#support/folder.ts';
import { contactRows } from '#tools/cli/contacts/contact-rows.ts';
import { importFile } from '#tools/cli/import/import-file.ts';

const MARKED = 'Marked-Person';

async function fileWith(content: string) {
  const path = join(newFolder(), 'c.csv');
  await writeFile(path, content);
  return { path, format: 'csv' as const, concurrency: 4, target: 't', rows: contactRows };
}

describe('importing a file', () => {
  it('reads 200,000 rows with a heap of 40 MB, and next to nothing beside it', async () => {
    const script = join(process.cwd(), 'tests/support/import-many.ts');
    const node = join(process.cwd(), 'node_modules/node/bin/node');
    const { stdout } = await promisify(execFile)(node, [
      '--max-old-space-size=40',
      '--expose-gc',
      script,
      'csv',
      '200000',
    ]);

    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ status: 'done', read: 200_000, written: 199_800, rejected: 200 });
    expect(result.heldMb).toBeLessThan(10);
  }, 600_000);

  it('names the column of a rejected field, and never reports a value', async () => {
    const reported: unknown[] = [];
    const file = await fileWith(`contactId,firstName,attr_tier\nc-1,${MARKED},${MARKED}\nc-2,"${MARKED},x\n`);

    const result = await importFile({
      ...file,
      write: async () => {
        throw new InvalidInputError('INVALID_BODY', 'attributes.tier is odd.', { field: 'attributes.tier' });
      },
      onRejected: (line, rejection) => reported.push({ line, ...rejection }),
    });

    expect(result).toMatchObject({ status: 'done', rejected: 2 });
    expect(reported).toEqual([
      { line: 2, column: 'attr_tier', reason: 'attributes.tier is odd.' },
      { line: 3, column: undefined, reason: 'A quote is opened and never closed.' },
    ]);
  });

  it('fails when the table does not answer, and keeps the place before the failure', async () => {
    const file = await fileWith('contactId\nc-1\nc-2\nc-3\n');
    const write = async ({ contactId }: { contactId: string }) => {
      if (contactId === 'c-3')
        throw new UnavailableError('UNAVAILABLE', 'ContactsTable did not answer in time.');
      return 'written' as const;
    };

    await expect(importFile({ ...file, write })).rejects.toThrow('did not answer');

    const saved = JSON.parse(await readFile(`${file.path}.progress`, 'utf8'));
    expect(saved).toMatchObject({ line: 4, counts: { read: 2, written: 2 } });
    expect((await stat(`${file.path}.progress`)).mode & 0o777).toBe(0o600);
  });

  it('reports the progress in bytes of the file', async () => {
    const file = await fileWith('contactId\nc-1\nc-2\n');
    const seen: number[] = [];

    await importFile({
      ...file,
      write: async () => 'written',
      onProgress: ({ bytes, total }) => seen.push(bytes / total),
    });

    expect(seen.at(-1)).toBe(1);
  });
});
