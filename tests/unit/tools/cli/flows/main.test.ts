import { computeFlowRevision } from '@switchboard/core/flows';
import { runFlows } from '#tools/cli/flows/main.ts';

async function run(...argv: string[]) {
  const lines: string[] = [];
  const errors: string[] = [];
  const code = await runFlows(argv, { line: (text) => lines.push(text), error: (text) => errors.push(text) });
  return { code, lines, errors };
}

test('check finds nothing in the shipped flows and their files', async () => {
  expect(await run('check')).toEqual({
    code: 0,
    lines: [expect.stringMatching(/^4 flows with \d+ actions: nothing found\.$/)],
    errors: [],
  });
});

test('revision prints the revision', async () => {
  expect(await run('revision')).toMatchObject({ code: 0, lines: [computeFlowRevision()] });
});

test('what makes no sense is told with what would', async () => {
  expect(await run('chek')).toMatchObject({
    code: 1,
    errors: [expect.stringContaining('there are check, draw, revision')],
  });
  expect(await run('check', 'inbound')).toMatchObject({
    code: 1,
    errors: [expect.stringContaining('too much')],
  });
  expect(await run('--help')).toMatchObject({ code: 0, lines: [expect.stringContaining('Usage')] });
  expect(await run()).toMatchObject({ code: 1 });
});
