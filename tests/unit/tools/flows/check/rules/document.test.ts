import type { Flow } from '@switchboard/core/flows';
import { checkFlows } from '#tools/flows/check/check-flows.ts';
import { actionOf, changed } from '../mutations.ts';

/** The findings after the JSON of an action is changed. */
function findingsOf(id: string, change: object) {
  const flows = changed('extension-transfer', ({ source }) =>
    Object.assign(actionOf(source.Actions, id), change),
  );
  return checkFlows(flows);
}

const finding = (message: string, action?: string) => ({
  flow: 'extension-transfer',
  ...(action === undefined ? {} : { action }),
  rule: 'document',
  message,
});

test.each([
  [{ Transitions: undefined }, 'Transitions is missing.'],
  [{ Transitions: null }, 'Transitions must be an object.'],
  [{ Parameters: undefined }, 'Parameters is missing.'],
  [{ Parameters: { Text: null } }, 'Parameters.Text contains null; remove it or set a value.'],
  [
    { Parameters: { Messages: [{ Text: null }] } },
    'Parameters.Messages contains null; remove it or set a value.',
  ],
  [{ Type: 7 }, 'Type must be a string.'],
  [{ Transitions: { Errors: null } }, 'Transitions.Errors must be an array.'],
  [{ Transitions: { Conditions: 'x' } }, 'Transitions.Conditions must be an array.'],
  [{ Transitions: { Conditions: [{ NextAction: 'x' }] } }, 'Transitions.Conditions.0.Condition is missing.'],
])('an action with %j is reported by its identifier', (change, message) => {
  expect(findingsOf('tries', change)).toEqual([finding(message, 'tries')]);
});

test('an action without an identifier is reported by its index', () => {
  expect(findingsOf('log-nothing', { Identifier: 12 })).toEqual([
    finding('Actions.0.Identifier must be a string.'),
  ]);
});

test.each([
  [null, ['The file must be an object.']],
  [[], ['Version is missing.', 'StartAction is missing.', 'Actions is missing.']],
  [{ Version: '2019-10-30', StartAction: 'a', Actions: {} }, ['Actions must be an array.']],
  [{ Version: '2019-10-30', StartAction: 'a', Actions: [null] }, ['Actions.0 must be an object.']],
])('a file that contains %j is reported', (json, messages) => {
  const flows = changed('extension-transfer', (flow) => {
    flow.source = json as unknown as Flow;
  });
  expect(checkFlows(flows)).toEqual(messages.map((message) => finding(message)));
});
