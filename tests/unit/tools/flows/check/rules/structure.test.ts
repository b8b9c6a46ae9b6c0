import { changed, findingsAfter, found, leadTo, say } from '../mutations.ts';

test('an action that leads to none is found', () => {
  expect(findingsAfter('inbound', 'menu', leadTo('nowhere'))).toContain(
    'targets: It leads to nowhere, which does not exist. Name an action of this flow.',
  );
});

test('an action that no call comes to is found', () => {
  const flows = changed('inbound', ({ source }) => source.Actions.push(say('alone', 'Hello.', 'tries')));
  expect(found(flows)).toEqual(['structure: No call reaches this action. Remove it, or lead to it.']);
});

test('a start that does not exist, another version and too many actions are found', () => {
  const flows = changed('agent-queue', ({ source }) => {
    source.Version = '2020-01-01';
    source.StartAction = 'nowhere';
    for (let index = 0; index < 250; index++) source.Actions.push(say(`more-${index}`, 'Hello.', 'stop'));
  });
  expect(found(flows)).toEqual(
    expect.arrayContaining([
      'structure: Version must be 2019-10-30.',
      'structure: StartAction names nowhere, which does not exist. Name an action of this flow.',
      expect.stringContaining('Connect allows at most 250'),
    ]),
  );
});

test('a start that does not exist is told once, and not again for each action', () => {
  const flows = changed('extension-transfer', ({ source }) => {
    source.StartAction = 'nowhere';
  });
  expect(found(flows)[0]).toBe(
    'structure: StartAction names nowhere, which does not exist. Name an action of this flow.',
  );
  expect(found(flows)).not.toContain('structure: No call reaches this action. Remove it, or lead to it.');
});

test.each(['a(b', 'x'.repeat(51), 'toString', ''])('the identifier "%s" is refused', (id) => {
  expect(
    found(changed('inbound', ({ source }) => source.Actions.push(say(id, 'Hello.', 'tries')))),
  ).toContainEqual(expect.stringContaining('identifier: The identifier is invalid. Use 1 to 50 characters'));
});

test('an identifier that two actions have is found', () => {
  const flows = changed('inbound', ({ source }) => source.Actions.push(say('tries', 'Hello.', 'menu')));
  expect(found(flows)).toContain('identifier: An earlier action has this identifier. Rename one of them.');
});

test('a NextAction is wanted, and repeats what Connect would do', () => {
  expect(
    findingsAfter('inbound', 'say-welcome', ({ Transitions }) => delete Transitions.NextAction),
  ).toContain('targets: NextAction is missing. Add it.');
  expect(
    findingsAfter('inbound', 'tries', ({ Transitions }) => {
      Transitions.NextAction = 'menu';
    }),
  ).toEqual(['targets: NextAction must be the target of DoneLooping.']);
  expect(
    findingsAfter('inbound', 'hang-up', ({ Transitions }) => {
      Transitions.NextAction = 'tries';
    }),
  ).toContain('targets: DisconnectParticipant ends the flow. Remove its transitions.');
});

test('a transfer leads on, should it ever, to where its error leads', () => {
  expect(
    findingsAfter('inbound', 'operator-transfer', ({ Transitions }) => {
      Transitions.NextAction = 'hang-up';
    }),
  ).toEqual(['targets: NextAction must be the target of NoMatchingError, or an EndFlowExecution action.']);
});
