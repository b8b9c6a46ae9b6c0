import { EMPTY_RANGES, parseRanges } from '#core/directory/ranges.ts';
import { catchError } from '#support/catch-error.ts';

test('reads several ranges and keeps leading zeros', () => {
  const ranges = parseRanges(' 1000-1001, 0041 - 0043 ');

  expect([...ranges.numbers()]).toEqual(['0041', '0042', '0043', '1000', '1001']);
  expect(ranges.count).toBe(5);
  expect(ranges.text).toBe('0041-0043,1000-1001');
});

test('writes the same extensions as the same text', () => {
  expect(parseRanges('20-29,10-19').text).toBe(parseRanges('10-29').text);
});

test('contains extensions of the same length only', () => {
  const ranges = parseRanges('0040-0049,100-199');

  expect(['0042', '100', '199'].map(ranges.includes)).toEqual([true, true, true]);
  expect(['42', '042', '0050', '0100', '', 'abcd', '4e1', '1e2'].map(ranges.includes)).not.toContain(true);
});

test('continues after any number of extensions', () => {
  const ranges = parseRanges('10-12,20-22');

  for (let skip = 0; skip <= 7; skip += 1) {
    expect([...ranges.numbers(skip)]).toEqual([...ranges.numbers()].slice(skip));
  }
});

test('intersects ranges', () => {
  expect(parseRanges('10-30,100-199').intersect(parseRanges('25-40,150-299')).text).toBe('25-30,150-199');
  expect(parseRanges('10-30').intersect(EMPTY_RANGES).text).toBe('');
});

test.each([
  ['5000-1000', '5000-1000 runs backwards; write 1000-5000'],
  ['100-1999', '100-1999 has ends of different lengths; leading zeros count, so write 0100-1999, or'],
  ['10-2000', 'so write 0010-2000, or'],
  ['5000-999', 'leading zeros count, so give both ends as many digits.'],
  ['10-2000000000', 'leading zeros count, so give both ends as many digits.'],
  ['1000-1999,1500-2500', '1000-1999 and 1500-2500 overlap'],
  ['1000', '"1000" is not a range'],
  ['', '"" is not a range'],
  ['1000-1999,', '"" is not a range'],
  ['a-b', '"a-b" is not a range'],
  ['1-9', 'must have 2 to 9 digits'],
  ['1000000000-2000000000', 'must have 2 to 9 digits'],
  ['0000000-9999999', '10000000 extensions are more than the 1000000 allowed'],
])('rejects %p with the reason', (text, reason) => {
  expect(() => parseRanges(text)).toThrow(
    expect.objectContaining({ code: 'INVALID_RANGE', message: expect.stringContaining(reason) }),
  );
});

test('reports every fault and every overlap at once', () => {
  const error = catchError(() => parseRanges('9000-8000,10-30,20-40,25-50'));

  expect(error.message).toContain('9000-8000 runs backwards');
  for (const pair of ['10-30 and 20-40', '10-30 and 25-50', '20-40 and 25-50']) {
    expect(error.message).toContain(`${pair} overlap`);
  }
});
