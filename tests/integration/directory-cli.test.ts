import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '#support/cli.ts';
import { newFolder } from '#support/folder.ts';
import { useSyncedDirectory } from '#support/synced-directory.ts';

const { world, sync, hire } = useSyncedDirectory('0041-0042');
let target: string[];
let folder: string;

beforeEach(() => {
  target = ['--directory-table', world.tables.directory, '--dynamodb-endpoint', world.tables.endpoint];
  folder = newFolder();
  hire('a', { username: '=cmd', firstName: 'Jane "J"', lastName: 'Roe, Dr.' });
  hire('b', { username: 'ben', firstName: 'Bén', lastName: 'Doe' });
  hire('c', { username: 'cy', tag: '0042' });
});

const run = (...argv: string[]) => runCommand(['directory', ...argv, ...target]);

test('exports the extensions of the agents to a file, and the same to standard output', async () => {
  await sync();
  const file = join(folder, 'agent_extensions.csv');

  const written = await run('export', file);
  const shown = await run('export', '-');

  expect(written).toMatchObject({ code: 0, text: `Written to ${file}.\n` });
  expect(shown).toMatchObject({ code: 0, text: await readFile(file, 'utf8') });
  const [header, ...rows] = shown.text.trimEnd().split('\r\n');
  expect(header).toBe('username,firstName,lastName,extension,agentId');
  expect(rows).toHaveLength(3);
  expect(rows).toContain('cy,Jane,Roe c,0042,c');
  expect(shown.text).toContain(`'=cmd,"Jane ""J""","Roe, Dr."`);
});

test('only its owner can read the file, even if another file was there before', async () => {
  const file = join(folder, 'agent_extensions.csv');
  for (const left of [file, `${file}.part`]) await writeFile(left, 'old', { mode: 0o644 });

  await run('export', file);

  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('fails when the file cannot be written', async () => {
  const { code, text } = await run('export', join(folder, 'no', 'such', 'folder.csv'));

  expect(code).toBe(1);
  expect(text).toContain('the file or its folder does not exist');
});

test('seeds a pool, and shows what it holds', async () => {
  await expect(run('sync-status')).resolves.toMatchObject({
    code: 0,
    text: expect.stringContaining('not seeded yet'),
  });

  await expect(run('seed', '0100-0149')).resolves.toMatchObject({
    code: 0,
    text: '50 extensions added, 0 removed; the pool holds 0100-0149.\n',
  });
  await expect(run('sync-status')).resolves.toMatchObject({
    text: expect.stringContaining('Pool: 0100-0149'),
  });
  await sync();
  const { text } = await run('sync-status');
  expect(text).toContain('Pool: 0041-0042');
  expect(text).toContain('added: 3');
});

test('says what is wrong with a range', async () => {
  await expect(run('seed', '200-100')).resolves.toMatchObject({
    code: 1,
    text: expect.stringContaining('runs backwards'),
  });
});

test('says that a table does not exist', async () => {
  target = ['--directory-table', 'NoSuchTable', ...target.slice(2)];

  await expect(run('sync-status')).resolves.toMatchObject({
    code: 1,
    text: expect.stringContaining('error: A table does not exist.'),
  });
});
