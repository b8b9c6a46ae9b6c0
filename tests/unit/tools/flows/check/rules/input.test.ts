import { findingsAfter, setCondition } from '../mutations.ts';

test('a caller who presses no key must be told apart', () => {
  expect(
    findingsAfter('extension-transfer', 'keyed', (action) => setCondition(action, 'Equals', '#')),
  ).toEqual(['no-key: The next action must compare $.StoredCustomerInput with Timeout.']);
});
