import { changed, findingsAfter, found, leadTo, type Mutation, say, set, transitions } from '../mutations.ts';

const NO_START = 'structure: StartAction names nowhere, which does not exist. Name an action of this flow.';
const UNREACHED = 'structure: No call reaches this action. Remove it, or lead to it.';

const added = (id: string, next = 'tries') =>
  found(changed('inbound', ({ source }) => source.Actions.push(say(id, 'Hello.', next))));

test('an action that no call reaches is found', () => {
  expect(added('alone')).toEqual([UNREACHED]);
});

test('a start that does not exist, another version, and too many actions are found', () => {
  const flows = changed('agent-queue', ({ source }) => {
    source.Version = '2020-01-01';
    source.StartAction = 'nowhere';
    for (let index = 0; index < 250; index++) source.Actions.push(say(`more-${index}`, 'Hello.', 'stop'));
  });
  expect(found(flows)).toEqual(
    expect.arrayContaining([
      'structure: Version must be 2019-10-30.',
      NO_START,
      expect.stringContaining('Connect allows at most 250'),
    ]),
  );
});

test('a start that does not exist is reported once, and not again for each action', () => {
  const flows = changed('extension-transfer', ({ source }) => {
    source.StartAction = 'nowhere';
  });
  expect(found(flows)[0]).toBe(NO_START);
  expect(found(flows)).not.toContain(UNREACHED);
});

test.each(['a(b', 'x'.repeat(51), 'toString', ''])('the identifier "%s" is refused', (id) => {
  expect(added(id)).toContainEqual(
    expect.stringContaining('identifier: The identifier is invalid. Use 1 to 50 characters'),
  );
});

test('an identifier that two actions have is found', () => {
  expect(added('tries', 'menu')).toContain(
    'identifier: An earlier action has this identifier. Rename one of them.',
  );
});

test.each<[string, Mutation, string]>([
  ['menu', leadTo('nowhere'), 'It leads to nowhere, which does not exist. Name an action of this flow.'],
  ['say-welcome', ({ Transitions }) => delete Transitions.NextAction, 'NextAction is missing. Add it.'],
  [
    'hang-up',
    transitions({ NextAction: 'tries' }),
    'DisconnectParticipant ends the flow. Remove its transitions.',
  ],
])('the invalid targets of %s are found', (id, mutate, message) => {
  expect(findingsAfter('inbound', id, mutate)).toContain(`targets: ${message}`);
});

test.each([
  ['tries', 'menu', 'NextAction must be the target of DoneLooping.'],
  [
    'operator-transfer',
    'hang-up',
    'NextAction must be the target of NoMatchingError, or an EndFlowExecution action.',
  ],
])('the NextAction of %s repeats another target', (id, NextAction, message) => {
  expect(findingsAfter('inbound', id, transitions({ NextAction }))).toEqual([`targets: ${message}`]);
});

test.each([
  ['an unknown placeholder', `\${Nonsense}`, 'rendering: A flow uses $'],
  ['the ARN of a flow that is created later', `\${DialByNameFlowArn}`, 'rendering: A flow uses'],
])('%s is found', (_, Text, finding) => {
  expect(findingsAfter('agent-queue', 'say-ring-on', set({ Text }))).toContainEqual(
    expect.stringContaining(finding),
  );
});

test('a flow that is too large is found', () => {
  const Attributes = { switchboard_waiting_for: 'x'.repeat(260_000) };
  expect(findingsAfter('inbound', 'vip', set({ Attributes }))).toContainEqual(
    expect.stringContaining('Connect allows at most 256000'),
  );
});
