import { FLOW_LANGUAGES, SHIPPED_FLOWS } from '@switchboard/core/flows';
import { evaluatedPropertiesOf, functionIds, written } from '#support/template.ts';
import { objectAt } from '#tools/json.ts';

const blocks = SHIPPED_FLOWS.flatMap(({ name, source }) =>
  source.Actions.filter(({ Type }) => Type === 'InvokeLambdaFunction').map(
    ({ Identifier, Parameters }) =>
      [
        `${name} ${Identifier}`,
        /^\$\{(\w+)Arn\}$/.exec(String(Parameters.LambdaFunctionARN))?.[1] ?? '',
        Number(Parameters.InvocationTimeLimitSeconds),
      ] as const,
  ),
);

test.each(blocks)(
  '%s invokes a function of the template, and its time limit is the timeout of the function',
  (_, id, seconds) => {
    expect(functionIds).toContain(id);
    expect(evaluatedPropertiesOf(id).Timeout).toBe(seconds);
  },
);

test('the parameter DefaultLanguage takes every language that has prompts', () => {
  expect(objectAt(objectAt(written, 'Parameters'), 'DefaultLanguage').AllowedValues).toEqual(FLOW_LANGUAGES);
});
