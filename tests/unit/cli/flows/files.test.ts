import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brokenFiles } from '../../../../cli/flows/files.ts';
import { newFolder } from '../../../support/folder.ts';

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
  expect(await brokenFiles(new URL('../../../../flows/', import.meta.url))).toEqual([]);
});
