import { createFlow, GOODBYE } from '#support/calls.ts';
import { readFlow } from '#tools/flows/play/flow/playable-flow.ts';

const withContent = (content: string) => () => readFlow({ ...createFlow(GOODBYE), content });

test('actions are found by their identifiers, with what leads on', () => {
  const flow = readFlow(
    createFlow({ ask: { type: 'Compare', when: { bye: 'Equals 1' }, errors: { Any: 'end' } }, ...GOODBYE }),
  );

  expect(flow.start).toBe('ask');
  expect(flow.actions.get('ask')).toMatchObject({
    conditions: [{ next: 'bye', condition: { operator: 'Equals', operands: ['1'] } }],
    errors: new Map([['Any', 'end']]),
  });
});

test.each([
  ['no JSON', '{', 'The content of the flow "tiny" is not a JSON object.'],
  ['a list', '[]', 'The content of the flow "tiny" is not a JSON object.'],
  ['another version', '{"Version": "1"}', 'The Version of the flow "tiny" must be 2019-10-30.'],
  [
    'an action without a type',
    '{"Version": "2019-10-30", "Actions": [{"Identifier": "a"}]}',
    'without Identifier or Type',
  ],
])('%s is refused', (_, content, message) => {
  expect(withContent(content)).toThrow(message);
});
