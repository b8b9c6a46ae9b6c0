import { matchesEventPattern } from '#tools/local/event-sources/event-pattern.ts';

test.each([
  [{ a: ['x'] }, { a: 'x' }, true],
  [{ a: ['x'] }, { a: 'y' }, false],
  [{ a: ['x', 'y'] }, { a: 'y', b: 1 }, true],
  [{ a: { b: [1] } }, { a: { b: 1 } }, true],
  [{ a: { b: [1] } }, {}, false],
  [{ a: ['x'] }, { a: ['z', 'x'] }, true],
  [{ a: [null] }, { a: null }, true],
  [{ a: [{ prefix: 'CON' }] }, { a: 'CONTACT#1' }, true],
  [{ a: [{ suffix: '.png' }] }, { a: 'a.gif' }, false],
  [{ a: [{ 'anything-but': ['x'] }] }, { a: 'y' }, true],
  [{ a: [{ 'anything-but': ['x'] }] }, { a: 'x' }, false],
  [{ a: [{ exists: false }] }, {}, true],
  [{ a: [{ exists: true }] }, {}, false],
  [{ a: [{ numeric: ['>', 1, '<=', 5] }] }, { a: 5 }, true],
  [{ a: [{ numeric: ['>', 1, '<=', 5] }] }, { a: 6 }, false],
  [{ a: [{ 'equals-ignore-case': 'AbC' }] }, { a: 'aBc' }, true],
  [{ $or: [{ a: ['x'] }, { b: ['y'] }] }, { b: 'y' }, true],
])('%j on %j: %j', (pattern, event, expected) => {
  expect(matchesEventPattern(pattern, event)).toBe(expected);
});

test('what is not known is refused, so that nothing is delivered by mistake', () => {
  expect(() => matchesEventPattern({ a: [{ cidr: '10.0.0.0/8' }] }, { a: 'x' })).toThrow(/cidr/);
});
