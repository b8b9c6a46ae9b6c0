import {
  type CountryCode,
  type MetadataJson,
  ParseError,
  parsePhoneNumberWithError,
} from 'libphonenumber-js/core';
import metadata from 'libphonenumber-js/min/metadata';
import examples from 'libphonenumber-js/mobile/examples';
import { withoutFormats } from '#tools/build/phone-metadata.ts';

const cut = withoutFormats(metadata);

function read(text: string, country: CountryCode, from: MetadataJson): unknown {
  try {
    const phone = parsePhoneNumberWithError(text, { defaultCountry: country, extract: false }, from);
    return [phone.number, phone.country, phone.isPossible(), phone.getType()];
  } catch (error) {
    if (error instanceof ParseError) return error.message;
    throw error;
  }
}

test('the layer reads numbers of every country as the whole metadata does', () => {
  for (const [country, number] of Object.entries(examples) as [CountryCode, string][]) {
    const code = metadata.countries[country]?.[0];
    for (const text of [number, `+${code}${number}`, `0${number}`, number.slice(1), `+${number}`]) {
      expect([text, read(text, country, cut)]).toEqual([text, read(text, country, metadata)]);
    }
  }
});

test('the metadata of the layer is less than half as large', () => {
  expect(JSON.stringify(cut).length).toBeLessThan(JSON.stringify(metadata).length / 2);
});
