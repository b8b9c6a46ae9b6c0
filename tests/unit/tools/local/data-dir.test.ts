import { readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newFolder } from '#support/folder.ts';
import { acquireDataDir, lockDataDir } from '#tools/local/data-dir.ts';
import { createDeadLetterQueues } from '#tools/local/emulators/dead-letter-queues.ts';
import { createCheckpoints } from '#tools/local/event-sources/poller.ts';
import { openJsonFile } from '#tools/local/json-file.ts';

let folder: string;
beforeEach(() => {
  folder = newFolder();
});

test('a value is there again after a restart, and nothing half written beside it', () => {
  openJsonFile(folder, 'x.json', { a: 1 }).save({ a: 2 });

  expect(openJsonFile(folder, 'x.json', { a: 1 }).value).toEqual({ a: 2 });
  expect(readdirSync(folder)).toEqual(['x.json']);
});

test('the error of an invalid JSON file names the file', () => {
  writeFileSync(join(folder, 'x.json'), '{');

  expect(() => openJsonFile(folder, 'x.json', {})).toThrow(/x\.json is not valid JSON/);
});

test('dead letters and the positions in streams survive', () => {
  createDeadLetterQueues(folder, ['Q']).send('arn:aws:sqs:eu-central-1:1:Q', 'body');
  createCheckpoints(folder).set('F', 'shard', '7');

  expect(createDeadLetterQueues(folder, ['Q']).all()).toMatchObject({ Q: [{ body: 'body' }] });
  expect(createCheckpoints(folder).get('F', 'shard')).toBe('7');
});

test('without a data directory nothing is written', () => {
  createDeadLetterQueues(undefined, ['Q']).send('arn:Q', 'body');

  expect(createDeadLetterQueues(undefined, ['Q']).all()).toEqual({ Q: [] });
});

test('a lock that a killed process left is taken over, that of a living one is not', () => {
  writeFileSync(join(folder, 'lock'), '999999999');
  const unlock = lockDataDir(folder);
  unlock();
  writeFileSync(join(folder, 'lock'), String(process.ppid));

  expect(() => lockDataDir(folder, 0)).toThrow(new RegExp(`in use by process ${process.ppid}`));
});

test('a process that was killed and is still going is waited for', () => {
  writeFileSync(join(folder, 'lock'), '4711');
  let asked = 0;
  jest.spyOn(process, 'kill').mockImplementation(() => {
    asked += 1;
    if (asked < 3) return true;
    throw Object.assign(new Error('no such process'), { code: 'ESRCH' });
  });

  lockDataDir(folder, 60_000)();

  expect(asked).toBe(3);
  jest.restoreAllMocks();
});

test('a data directory is made with the folders above it', () => {
  const path = join(folder, 'a', 'b');

  acquireDataDir(path)();

  expect(readdirSync(path)).toEqual([]);
});

test.each(['file', 'file/below'])('a data directory that is a %s is refused', (name) => {
  writeFileSync(join(folder, 'file'), '');

  expect(() => acquireDataDir(join(folder, name))).toThrow(
    `--data-dir must be a folder, but ${join(folder, 'file')} is a file.`,
  );
});

test('a data directory that the file system refuses is refused in words, and at once', () => {
  const notThere = join(folder, 'link');
  symlinkSync(join(folder, 'nothing'), notThere);

  const refused = (path: string) => () => acquireDataDir(path);
  expect(refused(notThere)).toThrow(/cannot be created or written \(EEXIST\)/);
  if (process.platform === 'linux')
    expect(refused('/proc/none/data')).toThrow(/^--data-dir \/proc\/none\/data cannot be created/);
});
