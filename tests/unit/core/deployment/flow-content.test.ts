import { contentHash } from '#core/deployment/flow-content.ts';

const FLOW = { StartAction: 'a', Actions: [{ Identifier: 'a', Parameters: { x: '1', y: '2' } }] };

test('the order of keys and the places of blocks are no difference', () => {
  const other = {
    Metadata: { entryPointPosition: { x: 40, y: 40 } },
    Actions: [{ Parameters: { y: '2', x: '1' }, Identifier: 'a' }],
    StartAction: 'a',
  };

  expect(contentHash(JSON.stringify(other, null, 2))).toBe(contentHash(JSON.stringify(FLOW)));
});

test.each([
  [{ ...FLOW, StartAction: 'b' }],
  [{ ...FLOW, Actions: [...FLOW.Actions, { Identifier: 'b' }] }],
  [{ ...FLOW, Actions: [{ Identifier: 'a', Parameters: { x: '1', y: '3' } }] }],
])('anything else is: %j', (other) => {
  expect(contentHash(JSON.stringify(other))).not.toBe(contentHash(JSON.stringify(FLOW)));
});

test('what is no JSON has a hash too', () => {
  expect(contentHash('{')).toMatch(/^[0-9a-f]{64}$/);
});
