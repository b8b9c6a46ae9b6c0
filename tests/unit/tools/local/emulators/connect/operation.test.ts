import { paginate } from '#tools/local/emulators/connect/operation.ts';

const entries = Array.from({ length: 5 }, (_, index) => index);
const ask = (size?: unknown, token?: unknown) => paginate('SearchUsers', entries, size, token, 3, 4);

test('pages follow each other until the last, which has no token', () => {
  const first = ask(2);
  const second = ask(2, first.next.NextToken);
  const third = ask(2, second.next.NextToken);

  expect([first, second, third].map((one) => one.entries)).toEqual([[0, 1], [2, 3], [4]]);
  expect(third.next).toEqual({});
  expect(ask().entries).toHaveLength(3);
});

test.each([[0], [5], ['x'], [1.5]])('a page of %j is refused', (size) => {
  expect(() => ask(size)).toThrow(/from 1 to 4/);
});

test('a token of another operation is refused', () => {
  const token = paginate('ListUsers', entries, 2, undefined, 3, 4).next.NextToken;

  expect(() => ask(2, token)).toThrow(/not one of ours/);
});
