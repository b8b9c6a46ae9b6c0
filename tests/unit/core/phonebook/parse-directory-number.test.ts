import fc from 'fast-check';
import { parseDirectoryNumber } from '#core/phonebook/index.ts';
import { parseInternational } from '#core/platform/phone.ts';

test('the short check of +1 numbers agrees with the phone number library', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 8, maxLength: 12 });

  fc.assert(
    fc.property(digits, (tail) => {
      const text = `+1${tail}`;
      const parsed = parseInternational(text);
      if (parsed.kind === 'phone') expect(parseDirectoryNumber(text)).toBe(parsed.phoneNumber);
      else expect(() => parseDirectoryNumber(text)).toThrow(parsed.reason);
    }),
    { numRuns: 300 },
  );
});
