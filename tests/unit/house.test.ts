// What the house rules ask of every source file, where no linter has a rule for it.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '#support/root.ts';

const sources = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.mjs'],
  {
    cwd: root,
    encoding: 'utf8',
  },
)
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)))
  .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));

const filesWith = (pattern: RegExp) =>
  sources.filter(({ text }) => pattern.test(text)).map(({ file }) => file);

test('an import from another folder uses an alias, so that moving a file changes one line', () => {
  expect(sources.length).toBeGreaterThan(500);
  expect(filesWith(/(from|import|import\(|require\(|mock\()\s*'\.\.\/\.\.\//)).toEqual([]);
});
