import { SHIPPED_FLOWS } from '@switchboard/core/flows';
import { checkLines } from '#tools/flows/check/check-flows.ts';
import { checkPrompts } from '#tools/flows/check/rules/texts.ts';
import { findingsAfter, set } from '../mutations.ts';

test('a sentence that no table has is found once for each table', () => {
  const Text = '$.Attributes.say_vip $.Attributes.say_more_of_it';
  const findings = findingsAfter('inbound', 'say-vip', set({ Text }));
  expect(
    findings.filter((finding) => finding === 'prompts: say_more_of_it is missing. Add it.'),
  ).toHaveLength(4);
});

test('actions that share a line, and one on two lines, are found', () => {
  const [flow] = SHIPPED_FLOWS;
  if (flow === undefined) throw new Error('No flow is shipped.');
  const lines = flow.source.Actions.map((action) => JSON.stringify(action));
  const [first, second] = flow.source.Actions.map(({ Identifier }) => Identifier);
  const check = (text: string) => checkLines(flow, text).map(({ action, message }) => [action, message]);
  const alone = 'It must be on a line of its own. Move it.';
  expect(check(lines.join(',\n'))).toEqual([]);
  expect(check(lines.join(',\n').replace(',\n', ','))).toEqual([
    [first, alone],
    [second, alone],
  ]);
  expect(check(lines.join(',\n').replace('"Type"', '\n"Type"'))).toEqual([[first, alone]]);
});

test('a table that is not an object, and a sentence that is not a string, are found', () => {
  for (const table of [null, { say_welcome: 1 }]) {
    const tables = { de: table } as unknown as Record<string, Record<string, string>>;
    expect(checkPrompts([], tables)).toEqual([
      {
        flow: 'prompts/de',
        rule: 'prompts',
        message: 'The table must be an object of strings.',
      },
    ]);
  }
});
