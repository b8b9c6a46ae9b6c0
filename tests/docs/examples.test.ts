// Runs every example of the documents as a reader would. Needs `aws` on the PATH; .ci/run installs it.
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type RunningStack, startStack } from '#support/local-stack.ts';
import { root } from '#support/root.ts';
import { type Example, examplesOf, jsonIn } from './blocks.ts';

const run = promisify(execFile);
const markdown = (folder: string) =>
  readdirSync(join(root, folder))
    .filter((file) => file.endsWith('.md'))
    .map((file) => join(folder, file));
const documents = [...markdown('.'), ...markdown('docs'), ...markdown('docs/adr')];
const textOf = (document: string) => readFileSync(join(root, document), 'utf8');

let machine: RunningStack;

// On the default ports, as the documents say.
beforeAll(async () => {
  machine = await startStack([]);
});
afterAll(() => machine?.stop());

/** The environment of a reader who has nothing set up: the documents have to say all that is needed. */
const bare = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_') && !name.startsWith('POWERTOOLS_')),
);

async function printed(example: Example, earlier: Example[]): Promise<string> {
  const exports = earlier.flatMap(({ script }) => script.match(/^export .*$/gm) ?? []);
  // Through a pipe, because /dev/stdout cannot be opened when it is a socket.
  const script = `set -euo pipefail\n${exports.join('\n')}\n{\n${example.script}\n} | cat`;
  const { stdout } = await run('bash', ['-c', script], { cwd: root, env: bare, timeout: 240_000 });
  return stdout;
}

const withExamples = documents
  .map((document) => [document, examplesOf(textOf(document))] as const)
  .filter(([, examples]) => examples.length > 0);

describe.each(withExamples)('%s', (_, examples) => {
  test.each(examples.map((example, at) => [example.line, example, examples.slice(0, at)] as const))(
    'the example at line %i works and prints what is shown',
    async (_line, example, earlier) => {
      const output = await printed(example, earlier);

      const answers = jsonIn(output);
      for (const expected of example.json) {
        const matches =
          expected !== null && typeof expected === 'object'
            ? expect.objectContaining(loose(expected))
            : expected;
        expect(answers).toContainEqual(matches);
      }
      for (const line of example.lines) expect(output).toContain(line);
    },
  );
});

/** Objects may hold more than is shown, at every level. */
function loose(expected: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(expected).map(([key, value]) => [key, looseValue(value)]));
}

function looseValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(looseValue);
  return typeof value === 'object' && value !== null ? expect.objectContaining(loose(value)) : value;
}

test('the README has the two commands', () => {
  expect(textOf('README.md')).toMatch(/^npm ci && npm start$/m);
  expect(textOf('README.md')).toMatch(/^npm ci && npm test$/m);
});

test.each(documents)('every file that %s links to is there', (document) => {
  const links = [...textOf(document).matchAll(/\]\((?!https?:)([^)#\s]+)/g)].map(([, link = '']) => link);

  expect(links.filter((link) => !existsSync(join(root, dirname(document), link)))).toEqual([]);
});
