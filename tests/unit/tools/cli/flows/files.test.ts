import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { newFolder } from '#support/folder.ts';
import { root } from '#support/root.ts';
import { brokenFiles, missingFile } from '#tools/cli/flows/files.ts';

test('a file that is no JSON is named with its fault', async () => {
  const folder = newFolder();
  await mkdir(join(folder, 'prompts'));
  await writeFile(join(folder, 'inbound.json'), '{"Version": "2019-10-30"}');
  await writeFile(join(folder, 'prompts/de.json'), '{"say_welcome": }');

  expect(await brokenFiles(pathToFileURL(`${folder}/`))).toEqual([
    { file: join('prompts', 'de.json'), fault: expect.stringContaining('Unexpected token') },
  ]);
});

test('the shipped files are all JSON', async () => {
  expect(await brokenFiles(pathToFileURL(join(root, 'flows/')))).toEqual([]);
});

test('a file that is not there is named, and no other error is taken for that', async () => {
  const folder = pathToFileURL(`${newFolder()}/`);
  const notFound = (url: string) =>
    Object.assign(new Error('not found'), { code: 'ERR_MODULE_NOT_FOUND', url });

  expect(missingFile(notFound(new URL('prompts/de.json', folder).href), folder)).toBe('prompts/de.json');
  expect(missingFile(notFound('file:///elsewhere/de.json'), folder)).toBeUndefined();
  expect(missingFile(new Error('another'), folder)).toBeUndefined();
});
