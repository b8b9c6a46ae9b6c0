import { SHIPPED_FLOWS } from '@switchboard/core/flows';
import { checkLines } from '../../../../../local/flows/check.ts';
import { findingsAfter } from '../mutations.ts';

test('a placeholder without a value, and one of a flow created later, are found', () => {
  const speaking = (text: string) =>
    findingsAfter('agent-queue', 'say-ring-on', ({ Parameters }) =>
      Object.assign(Parameters, { Text: text }),
    );
  expect(speaking(`\${Nonsense}`)).toContainEqual(expect.stringContaining('rendering: A flow names $'));
  expect(speaking(`\${DialByNameFlowArn}`)).toContainEqual(
    expect.stringContaining('rendering: A flow names'),
  );
});

test('a flow that is too large is found', () => {
  expect(
    findingsAfter('inbound', 'vip', ({ Parameters }) => {
      Parameters.Attributes = { switchboard_waiting_for: 'x'.repeat(260_000) };
    }),
  ).toContainEqual(expect.stringContaining('more than the 256000 allowed'));
});

test('a sentence that no table has is found in each of them', () => {
  const findings = findingsAfter('inbound', 'say-vip', ({ Parameters }) => {
    Parameters.Text = '$.Attributes.say_vip $.Attributes.say_more_of_it';
  });
  expect(findings.filter((finding) => finding === 'prompts: say_more_of_it is missing.')).toHaveLength(4);
});

test('a file with two actions on one line is found', () => {
  const [flow] = SHIPPED_FLOWS;
  const lines = flow?.source.Actions.map((action) => JSON.stringify(action)) ?? [];
  const check = (text: string) => flow && checkLines(flow, text).map(({ message }) => message);
  expect(check(lines.join(',\n'))).toEqual([]);
  expect(check(lines.join(','))).toEqual(['It does not have one action on each line.']);
});
