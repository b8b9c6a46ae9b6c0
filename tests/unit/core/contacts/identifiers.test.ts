import { getCountries, getExampleNumber } from 'libphonenumber-js';
import { parsePhoneNumberWithError } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';
import { createIdentifierParser } from '#core/contacts/identifiers.ts';

const parse = createIdentifierParser('US');

it.each([
  ['(415) 555-0100', 'phone', '+14155550100'],
  ['415.555.0100', 'phone', '+14155550100'],
  ['+1 415 555 0100', 'phone', '+14155550100'],
  ['+14155550100', 'phone', '+14155550100'],
  ['\u202a+1\u00a0(415)\u00a0555\u20110100\u202c', 'phone', '+14155550100'],
  ['٤١٥٥٥٥٠١٠٠', 'phone', '+14155550100'],
  ['tel:+1-415-555-0100', 'phone', '+14155550100'],
  ['TEL: 4155550100', 'phone', '+14155550100'],
  ['011 44 20 7946 0018', 'phone', '+442079460018'],
  ['+44 (0)20 7946 0018', 'phone', '+442079460018'],
  ['+390612345678', 'phone', '+390612345678'],
  ['Jane@Example.COM', 'email', 'jane@example.com'],
  ['  jane@example.com\t', 'email', 'jane@example.com'],
  ['mailto:jane+news@example.com', 'email', 'jane+news@example.com'],
  ['jane@bücher.example', 'email', 'jane@xn--bcher-kva.example'],
  ["o'hara@example.co.uk", 'email', "o'hara@example.co.uk"],
  ['twitter:@Jane', 'social', 'twitter:@jane'],
  ['Instagram: @jane.doe_1', 'social', 'instagram:@jane.doe_1'],
  ['ref:CRM-17', 'reference', 'ref:CRM-17'],
  ['REF:crm-17', 'reference', 'ref:crm-17'],
  ['ref:a:b@c', 'reference', 'ref:a:b@c'],
])('reads %j as %s %s', (text, type, canonical) => {
  expect(parse(text)).toEqual({ kind: 'identifier', type, canonical });
});

it.each([
  'x123',
  ' x123',
  ' x 123',
  'X123',
  ' ext. 123',
  ' ext 123',
  ' extension 123',
  '#123',
  ';ext=123',
  ', ext 123',
])('ignores the tail %j of a phone number', (tail) => {
  expect(parse(`+14155550100${tail}`)).toMatchObject({ canonical: '+14155550100' });
  expect(parse(`(415) 555-0100${tail}`)).toMatchObject({ canonical: '+14155550100' });
});

it.each(['', '   ', 'anonymous', 'Anonymous', 'RESTRICTED', 'unavailable', ' unknown ', '\u200b'])(
  'takes %j for a withheld number',
  (text) => {
    expect(parse(text)).toEqual({ kind: 'anonymous' });
  },
);

it.each([
  ['555-0100', 'a length'],
  ['+1415', 'a length'],
  ['12345', 'a length'],
  ['+999123456', 'country code that does not exist'],
  ['+1415555010012345678', 'too long'],
  ['+', 'neither'],
  ['+1415555O1OO', 'no letters'],
  ['1-800-FLOWERS', 'no letters'],
  ['Jane Doe', 'no letters'],
  ['+1415*5550100', 'neither'],
  ['+1415 555 0100 x', 'no letters'],
  ['jane@localhost', 'not a domain name'],
  ['jane@-example.com', 'not a domain name'],
  ['jane@exa mple.com', 'not a domain name'],
  ['jane@192.168.0.1', 'not a domain name'],
  ['@example.com', 'before the "@"'],
  ['jane doe@example.com', 'before the "@"'],
  ['a@b@example.com', 'before the "@"'],
  [`${'a'.repeat(65)}@example.com`, 'before the "@"'],
  [`jane@${'a.'.repeat(125)}com`, 'longer than 254'],
  ['twitter:jane', 'as in twitter:@name'],
  ['twitter:@', 'as in twitter:@name'],
  ['twitter:@jane doe', 'as in twitter:@name'],
  [`${'n'.repeat(33)}:@jane`, 'longer than 32'],
  ['ref:', 'as in ref:CRM-17'],
  ['ref:CRM 17', 'as in ref:CRM-17'],
  [`ref:${'1'.repeat(129)}`, 'as in ref:CRM-17'],
  ['1'.repeat(321), 'longer than any identifier'],
])('refuses %j because: %s', (text, reason) => {
  expect(parse(text)).toEqual({ kind: 'invalid', reason: expect.stringContaining(reason) });
});

it('never quotes the text in a reason', () => {
  for (const text of [
    'MARKED',
    'MARKED@',
    'twitter:MARKED',
    'ref:MARKED MARKED',
    '+1415MARKED',
    'MARKED:x',
  ]) {
    expect(JSON.stringify(parse(text))).not.toContain('MARKED');
  }
});

it('reads a number without a country code in the default country', () => {
  expect(createIdentifierParser('DE')('030 123456')).toMatchObject({ canonical: '+4930123456' });
  expect(createIdentifierParser('GB')('020 7946 0018')).toMatchObject({ canonical: '+442079460018' });
});

it('refuses a default country that has no telephone numbers', () => {
  expect(() => createIdentifierParser('ZZ')).toThrow(expect.objectContaining({ code: 'DEFAULT_COUNTRY' }));
});

it('gives the canonical form of the large set of phone data, in every country', () => {
  for (const country of getCountries()) {
    const number = getExampleNumber(country, examples);
    const national = number?.formatNational() ?? '';
    expect([country, createIdentifierParser(country)(national)]).toEqual([
      country,
      { kind: 'identifier', type: 'phone', canonical: parsePhoneNumberWithError(national, country).number },
    ]);
  }
});

it('reads its own canonical forms as what they are', () => {
  for (const canonical of ['+14155550100', 'jane@example.com', 'twitter:@jane', 'ref:CRM-17']) {
    expect(parse(canonical)).toMatchObject({ canonical });
  }
});

it('withstands a text made to be slow', () => {
  // Of the processor, not of the clock: other work on the machine does not count.
  const started = process.cpuUsage();
  for (const part of ['1 ', '-', 'a@', 'x1', '.a', ';ext=']) parse(part.repeat(160).slice(0, 320));
  const spaces = ' '.repeat(150);
  for (let times = 0; times < 5; times += 1) parse(`1${spaces}x${spaces}9z`);
  expect(process.cpuUsage(started).user / 1_000).toBeLessThan(500);
});
