import { outcomeOf } from '#core/messages/dispatch/outcome.ts';
import { namedError } from '#support/directory.ts';

const answered = (name: string, httpStatusCode: number, fields: object = {}) =>
  namedError(name, { $metadata: { httpStatusCode }, ...fields });

describe('a permanent refusal', () => {
  test.each([
    [
      answered('ValidationException', 400, { Reason: 'INVALID_PARAMETER' }),
      'ValidationException.INVALID_PARAMETER',
    ],
    [answered('ResourceNotFoundException', 400), 'ResourceNotFoundException'],
    [
      answered('ConflictException', 400, { Reason: 'DESTINATION_PHONE_NUMBER_NOT_VERIFIED' }),
      'ConflictException.DESTINATION_PHONE_NUMBER_NOT_VERIFIED',
    ],
  ])('is %s', (error, reason) => {
    expect(outcomeOf(error)).toEqual({ kind: 'FAILED', reason });
  });
});

describe('a refusal for now', () => {
  test.each([
    answered('ThrottlingException', 400),
    answered('TooManyRequestsException', 429),
    answered('InternalServerException', 500),
    answered('ServiceUnavailableException', 503),
    namedError('Error', { code: 'ECONNREFUSED', syscall: 'connect' }),
    namedError('TimeoutError', { code: 'ETIMEDOUT', syscall: 'connect' }),
    namedError('Error', { code: 'ENOTFOUND', syscall: 'getaddrinfo' }),
    namedError('AggregateError', {
      code: 'ECONNREFUSED',
      errors: [namedError('Error', { syscall: 'connect' }), namedError('Error', { syscall: 'connect' })],
    }),
    namedError('TimeoutError'),
  ])('is %s', (error) => {
    expect(outcomeOf(error)).toEqual({ kind: 'RETRY', reason: expect.any(String) });
  });

  test.each([
    answered('ServiceQuotaExceededException', 402, { Reason: 'MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT' }),
    answered('AccessDeniedException', 403),
    answered('UnrecognizedClientException', 403),
    answered('ExpiredTokenException', 403),
    answered('InvalidSignatureException', 403),
    namedError('CredentialsProviderError'),
  ])('that only an operator can end is %s', (error) => {
    expect(outcomeOf(error)).toMatchObject({ kind: 'RETRY', needsOperator: true });
  });
});

describe('an unknown outcome', () => {
  test.each([
    namedError('TimeoutError', { code: 'ETIMEDOUT' }),
    namedError('TimeoutError', { code: 'ECONNRESET' }),
    namedError('Error', { code: 'ECONNRESET', syscall: 'read' }),
    namedError('Error', { code: 'EPIPE', syscall: 'write' }),
    namedError('AbortError'),
    namedError('AggregateError', { errors: [] }),
    namedError('AggregateError', {
      errors: [namedError('Error', { syscall: 'connect' }), namedError('Error')],
    }),
    answered('Unknown', 502),
    answered('Unknown', 500),
    answered('SyntaxError', 200),
    answered('ValidationException', 500),
    answered('AccessDenied', 403),
    new TypeError('undefined is not a function'),
    undefined,
    'odd',
  ])('follows %s', (error) => {
    expect(outcomeOf(error)).toMatchObject({ kind: 'UNKNOWN' });
  });

  test.each([
    ['CONNECTION_LOST', namedError('TimeoutError', { code: 'ECONNRESET' })],
    ['CONNECTION_LOST', namedError('Error', { code: 'EPIPE', syscall: 'write' })],
    ['NO_RESPONSE', namedError('TimeoutError', { code: 'ETIMEDOUT' })],
    ['NO_RESPONSE', namedError('UnavailableError', { code: 'TIMED_OUT' })],
    ['UNREADABLE_RESPONSE', answered('SyntaxError', 502)],
    ['UNREADABLE_RESPONSE', answered('SyntaxError', 200)],
    ['UNREADABLE_RESPONSE', answered('Unknown', 504)],
    ['TypeError', new TypeError('undefined is not a function')],
    ['AccessDenied', answered('AccessDenied', 403)],
  ])('has the reason %s', (reason, error) => {
    expect(outcomeOf(error)).toEqual({ kind: 'UNKNOWN', reason });
  });
});

test('an opt-out at the provider is an opt-out', () => {
  const error = answered('ConflictException', 400, { Reason: 'DESTINATION_PHONE_NUMBER_OPTED_OUT' });

  expect(outcomeOf(error)).toEqual({ kind: 'OPTED_OUT' });
});

test('a reason is a word, and never quotes the message of an error', () => {
  const error = Object.assign(new Error('+14155550100 is odd'), {
    name: '+14155550100 is odd',
    Reason: '+1 415',
  });

  expect(JSON.stringify(outcomeOf(error))).not.toContain('415');
});
