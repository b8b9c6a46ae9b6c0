import {
  defaultPhoneCountry,
  isPhoneCountry,
  parseInternational,
  parsePhoneNumber,
} from '#core/platform/phone.ts';

describe('parsePhoneNumber', () => {
  test.each([
    ['(613) 555-0100', '+16135550100', 'CA'],
    ['\u202a+1\u00a0613\u00a0555\u20110100\u202c', '+16135550100', 'CA'],
    ['613-555-0100 x12', '+16135550100', 'CA'],
    ['+44 (0)20 7946 0018', '+442079460018', 'GB'],
    // No list of today's area codes decides; then the country is not told.
    ['+19995550100', '+19995550100', undefined],
  ])('reads %j as %s', (text, phoneNumber, country) => {
    expect(parsePhoneNumber(text, 'US')).toEqual({ kind: 'phone', phoneNumber, country });
  });

  test('takes a number without a country code for one of the country given', () => {
    expect(parsePhoneNumber('020 7946 0018', 'GB')).toMatchObject({ phoneNumber: '+442079460018' });
  });

  test.each([
    ['1-800-FLOWERS', 'no letters'],
    ['*#06#', 'not a phone number'],
    ['', 'not a phone number'],
    ['+1613', 'length'],
    ['+999123456', 'country code that does not exist'],
    ['+1613555010012345678', 'too long'],
    ['6'.repeat(400), 'too long'],
  ])('says of %j: %s', (text, reason) => {
    expect(parsePhoneNumber(text, 'US')).toMatchObject({
      kind: 'invalid',
      reason: expect.stringContaining(reason),
    });
  });

  test('never quotes what it was given', () => {
    const parsed = parsePhoneNumber('Jane 6135550100', 'US');

    expect(JSON.stringify(parsed)).not.toMatch(/Jane|613555/);
  });
});

describe('parseInternational', () => {
  test.each([['+16135550100'], ['\uff0b1 613 555 0100'], ['+1 (613) 555-0100']])('reads %j', (text) => {
    expect(parseInternational(text)).toMatchObject({ kind: 'phone', phoneNumber: '+16135550100' });
  });

  test.each([['6135550100'], ['16135550100'], ['0016135550100'], ['613']])(
    'asks for the country code that %j does not show',
    (text) => {
      expect(parseInternational(text)).toMatchObject({
        kind: 'invalid',
        reason: expect.stringContaining('E.164'),
      });
    },
  );

  test('says of one that cannot be right what is wrong with it', () => {
    expect(parseInternational('+613')).toMatchObject({ reason: expect.stringContaining('too short') });
    expect(parseInternational('Jane')).toMatchObject({ reason: expect.stringContaining('letters') });
    expect(parseInternational('Jane'.repeat(750))).toMatchObject({
      reason: expect.stringContaining('too long'),
    });
  });
});

test('knows the countries that have telephone numbers', () => {
  expect(['CA', 'DE', 'XX', 'ca', ''].map(isPhoneCountry)).toEqual([true, true, false, false, false]);
  expect(defaultPhoneCountry('DE')).toBe('DE');
  expect(() => defaultPhoneCountry('XX')).toThrow('DEFAULT_COUNTRY');
});
