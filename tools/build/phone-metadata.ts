// How the layer carries the metadata of phone numbers.
import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** In the metadata of a country: how its numbers are written down (`formats` in libphonenumber-js's metadata.js). */
const FORMATS = 4;

/**
 * Leaves out how each country writes its numbers down, more than half of the metadata: we write E.164, and reading
 * does not ask for it.
 */
export function withoutFormats<Metadata extends { countries: object }>(metadata: Metadata): Metadata {
  const countries = Object.entries<unknown[]>({ ...metadata.countries }).map(([code, country]) => [
    code,
    country.map((value, at) => (at === FORMATS ? 0 : value)),
  ]);
  return { ...metadata, countries: Object.fromEntries(countries) };
}

/** JSON.parse reads a table of this size several times faster than the parser of programs does. */
export const phoneMetadataAsJson: Plugin = {
  name: 'phone-metadata-as-json',
  setup({ onLoad }) {
    onLoad({ filter: /libphonenumber-js\/metadata\.(min|max)\.json\.js$/ }, async ({ path }) => {
      const json = JSON.stringify(
        withoutFormats(JSON.parse(await readFile(path.slice(0, -'.js'.length), 'utf8'))),
      );
      return { contents: `export default JSON.parse(${JSON.stringify(json)});` };
    });
  },
};
