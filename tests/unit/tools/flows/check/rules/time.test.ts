import { checkFlows } from '#tools/flows/check/check-flows.ts';
import { actionOf, changed, found, say } from '../mutations.ts';

test('functions without a prompt between them take too long together', () => {
  const flows = changed('inbound', ({ source }) => {
    const [first = say('', '', '')] = source.Actions.filter(({ Identifier }) => Identifier === 'look-up');
    for (const [id, next] of [
      ['again', 'and-again'],
      ['and-again', 'caller-known'],
    ]) {
      const more = structuredClone(first);
      more.Identifier = id ?? '';
      more.Transitions.NextAction = next ?? '';
      source.Actions.push(more);
    }
    first.Transitions.NextAction = 'again';
  });
  expect(found(flows)).toEqual([
    expect.stringContaining(
      'time: This function and those before it can take more than 20 seconds in silence',
    ),
  ]);
});

test('the time that a flow has used counts in the flow that it leads to', () => {
  const flows = changed('inbound', ({ source }) => {
    actionOf(source.Actions, 'look-up').Parameters.InvocationTimeLimitSeconds = '8';
    actionOf(source.Actions, 'look-up').Transitions.NextAction = 'again';
    const again = structuredClone(actionOf(source.Actions, 'look-up'));
    again.Identifier = 'again';
    again.Transitions.NextAction = 'ask-extension';
    source.Actions.push(again);
  });
  const findings = checkFlows(flows).filter(({ rule }) => rule === 'time');
  expect(findings).toMatchObject([
    { flow: 'extension-transfer', action: 'find-called-number' },
    { action: 'find-digits' },
  ]);
});
