import { parseListQuery } from '#core/phonebook/api/list-input.ts';

const read = (query: string) => parseListQuery(new Request(`https://api.local/list?${query}`));
const QUERY = 'state=UNUSED&pool=direct';

test('parameters are read as their schema says', () => {
  expect(read(QUERY)).toEqual({ state: 'UNUSED', pool: 'direct', limit: 100 });
  expect(read(`${QUERY}&limit=500`)).toMatchObject({ limit: 500 });
});

test.each([
  ['pool=direct', 'INVALID_QUERY', 'state', 'state is missing.'],
  [
    'state=UNUSED&pool=',
    'INVALID_QUERY',
    'pool',
    expect.stringMatching(/^pool must be one of extension, direct/),
  ],
  [`${QUERY}&state=UNUSED`, 'INVALID_QUERY', 'state', 'state is given more than once.'],
  [`${QUERY}&Jane=1`, 'UNKNOWN_FIELD', 'query', 'A query may have: state, pool, limit, nextToken.'],
  [`${QUERY}&__proto__=1`, 'UNKNOWN_FIELD', 'query', expect.any(String)],
])('?%s is refused: %s', (query, code, field, message) => {
  expect(() => read(query)).toThrow(
    expect.objectContaining({ name: 'InvalidInputError', code, field, message }),
  );
});

test.each(['0', '501', '-1', '1e1', ' 1', ''])('a limit of %j is refused', (limit) => {
  const message = 'limit must be a number from 1 to 500.';
  expect(() => read(`${QUERY}&limit=${limit}`)).toThrow(
    expect.objectContaining({ code: 'INVALID_QUERY', field: 'limit', message }),
  );
});
