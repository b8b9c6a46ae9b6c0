import { SHIPPED_FLOWS } from '@switchboard/core/flows';
import { computeLayout } from '#core/flows/layout.ts';

test.each(SHIPPED_FLOWS)(
  'every action of $name has a place of its own, and the start is the first',
  ({ source }) => {
    const { ActionMetadata } = computeLayout(source);
    expect(Object.keys(ActionMetadata).sort()).toEqual(
      source.Actions.map(({ Identifier }) => Identifier).sort(),
    );
    const places = Object.values(ActionMetadata).map(({ position: { x, y } }) => `${x} ${y}`);
    expect(new Set(places).size).toBe(places.length);
    expect(ActionMetadata[source.StartAction]).toEqual({ position: { x: 300, y: 0 } });
  },
);

test('what follows stands to the right, and what returns stays where it is', () => {
  const action = (Identifier: string, NextAction: string) => ({
    Identifier,
    Type: 'MessageParticipant',
    Parameters: {},
    Transitions: { NextAction },
  });
  const { ActionMetadata } = computeLayout({
    Version: '2019-10-30',
    StartAction: 'first',
    Actions: [action('second', 'first'), action('first', 'second')],
  });
  expect(ActionMetadata).toEqual({
    first: { position: { x: 300, y: 0 } },
    second: { position: { x: 600, y: 0 } },
  });
});
