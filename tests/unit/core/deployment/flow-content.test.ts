import { hashFlowContent } from '#core/deployment/flow-content.ts';

const FLOW = { StartAction: 'a', Actions: [{ Identifier: 'a', Parameters: { x: '1', y: '2' } }] };

test('the order of keys and the positions of blocks make no difference', () => {
  const other = {
    Metadata: { entryPointPosition: { x: 40, y: 40 } },
    Actions: [{ Parameters: { y: '2', x: '1' }, Identifier: 'a' }],
    StartAction: 'a',
  };

  expect(hashFlowContent(JSON.stringify(other, null, 2))).toBe(hashFlowContent(JSON.stringify(FLOW)));
});

test.each([
  [{ ...FLOW, StartAction: 'b' }],
  [{ ...FLOW, Actions: [...FLOW.Actions, { Identifier: 'b' }] }],
  [{ ...FLOW, Actions: [{ Identifier: 'a', Parameters: { x: '1', y: '3' } }] }],
])('any other change makes a difference: %j', (other) => {
  expect(hashFlowContent(JSON.stringify(other))).not.toBe(hashFlowContent(JSON.stringify(FLOW)));
});

test('content that is not JSON has a hash too', () => {
  expect(hashFlowContent('{')).toMatch(/^[0-9a-f]{64}$/);
});
