import { parseDialedNumber } from '#core/transfer/find-transfer.ts';
import { catchError } from '#support/catch-error.ts';

const CALLED = '+18005550199';

test.each([
  ['1042#', '1042'],
  ['*10 42 #', '1042'],
  ['10#42', '1042'],
  ['0042', '0042'],
  ['+49 (30) 901820', '+4930901820'],
])('parses the digits %p as %p', (digits, number) => {
  expect(parseDialedNumber(digits, CALLED)).toBe(number);
});

test.each([[undefined], ['']])('uses the called number when the digits are %p', (digits) => {
  expect(parseDialedNumber(digits, CALLED)).toBe(CALLED);
});

test.each([
  ['104a', 'INVALID_DIGITS'],
  ['-1042', 'INVALID_DIGITS'],
  ['10.5', 'INVALID_DIGITS'],
  ['Timeout', 'INVALID_DIGITS'],
  ['１０４２', 'INVALID_DIGITS'],
  ['+', 'INVALID_DIGITS'],
  ['{"a":1}', 'INVALID_DIGITS'],
  ['#', 'MISSING_DIGITS'],
  ['12345678901234567', 'DIGITS_TOO_LONG'],
])('rejects the digits %p with %s, without repeating them', (digits, code) => {
  const error = catchError(() => parseDialedNumber(digits, CALLED));

  expect(error).toMatchObject({ code, field: 'digits' });
  if (digits.length > 2) expect(error.message).not.toContain(digits);
});

test.each([
  [undefined, 'MISSING_DIGITS'],
  ['', 'MISSING_DIGITS'],
  ['anonymous', 'INVALID_CALLED_NUMBER'],
  ['0800123', 'INVALID_CALLED_NUMBER'],
  ['sip:jane@example.com', 'INVALID_CALLED_NUMBER'],
])('rejects the called number %p with %s', (called, code) => {
  expect(catchError(() => parseDialedNumber('', called))).toMatchObject({ code });
});
