import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { computeFlowRevision } from '@switchboard/core/flows';
import { runCommand } from '#support/cli.ts';
import { newFolder } from '#support/folder.ts';
import { loadWithFlows } from '#tools/cli/flows/flow-files.ts';

test('check finds nothing in the shipped flows and their files', async () => {
  expect(await runCommand(['flows', 'check'])).toMatchObject({
    code: 0,
    lines: expect.stringMatching(/^\d+ flows with \d+ actions: nothing found\.$/m),
    errors: '',
  });
});

test('revision prints the revision', async () => {
  expect(await runCommand(['flows', 'revision'])).toMatchObject({
    code: 0,
    lines: `${computeFlowRevision()}\n`,
  });
});

test('a file that is not JSON is named with its fault', async () => {
  const folder = newFolder();
  await mkdir(join(folder, 'prompts'));
  await writeFile(join(folder, 'inbound.json'), '{"Version": "2019-10-30"}');
  await writeFile(join(folder, 'prompts/de.json'), '{"say_welcome": }');

  await expect(loadWithFlows(async () => undefined, pathToFileURL(`${folder}/`))).rejects.toThrow(
    /^flows\/prompts\/de\.json is not valid JSON: Unexpected token.*$/,
  );
});

test('a file that does not exist is named, and every other error stays as it is', async () => {
  const folder = pathToFileURL(`${newFolder()}/`);
  const notFound = (url: string) =>
    Object.assign(new Error('not found'), { code: 'ERR_MODULE_NOT_FOUND', url });
  const load = (error: Error) => loadWithFlows(() => Promise.reject(error), folder);

  await expect(load(notFound(new URL('prompts/de.json', folder).href))).rejects.toThrow(
    'flows/prompts/de.json does not exist.',
  );
  await expect(load(notFound('file:///elsewhere/de.json'))).rejects.toThrow('not found');
  await expect(load(new Error('another'))).rejects.toThrow('another');
});
