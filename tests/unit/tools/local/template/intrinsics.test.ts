import { evaluateCondition, resolveValue, type Scope } from '#tools/local/template/intrinsics.ts';
import { parseTemplate } from '#tools/local/template/parse.ts';

const scope: Scope = {
  ref: (name) => ({ Stage: 'dev', Table: 'my-table' })[name],
  attribute: (logicalId, attribute) => (logicalId === 'Table' ? `${attribute}-of-table` : undefined),
  condition: (name) => name === 'Yes',
};
const evaluate = (yaml: string) => resolveValue(parseTemplate(`value: ${yaml}`).value ?? null, scope);

describe("a template's functions", () => {
  test.each([
    ['!Ref Stage', 'dev'],
    ['!GetAtt Table.Arn', 'Arn-of-table'],
    ['!GetAtt [Table, Arn]', 'Arn-of-table'],
    ['{ "Fn::GetAtt": [Table, StreamArn] }', 'StreamArn-of-table'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own form
    ['!Sub "${Stage}-${Table.Arn}-${!Literal}"', 'dev-Arn-of-table-${!Literal}'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own form
    ['!Sub ["${name}", { name: !Ref Table }]', 'my-table'],
    ['!If [Yes, a, b]', 'a'],
    ['!If [No, a, b]', 'b'],
    ['[1, !If [No, 2, !Ref AWS::NoValue], 3]', [1, 3]],
    ['{ a: !Ref AWS::NoValue, b: 1 }', { b: 1 }],
    ['!Join ["-", [a, !Ref Stage]]', 'a-dev'],
    ['!Select [1, !Split [",", "a,b"]]', 'b'],
    ['{ deep: [{ x: !Ref Stage }] }', { deep: [{ x: 'dev' }] }],
  ])('%s', (yaml, expected) => {
    expect(evaluate(yaml)).toEqual(expected);
  });

  test.each([
    ['!Ref Nothing', /refers to Nothing/],
    ['!GetAtt Other.Arn', /Other\.Arn/],
    ['!FindInMap [a, b, c]', /Fn::FindInMap/],
  ])('%s is refused by name', (yaml, message) => {
    expect(() => evaluate(yaml)).toThrow(message);
  });
});

test('conditions combine', () => {
  const condition = (yaml: string) => evaluateCondition(parseTemplate(`value: ${yaml}`).value ?? null, scope);

  expect(condition('!Equals [!Ref Stage, dev]')).toBe(true);
  expect(condition('!Not [!Equals [!Ref Stage, ""]]')).toBe(true);
  expect(condition('!And [{ Condition: Yes }, !Condition No]')).toBe(false);
  expect(condition('!Or [{ Condition: No }, !Equals ["1", 1]]')).toBe(true);
});
