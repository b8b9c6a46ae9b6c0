// How the layer carries the metadata of phone numbers.
import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** JSON.parse reads a table of this size several times faster than the parser of programs does. */
export const phoneMetadataAsJson: Plugin = {
  name: 'phone-metadata-as-json',
  setup({ onLoad }) {
    onLoad({ filter: /libphonenumber-js\/metadata\.(min|max)\.json\.js$/ }, async ({ path }) => {
      const json = JSON.stringify(JSON.parse(await readFile(path.slice(0, -'.js'.length), 'utf8')));
      return { contents: `export default JSON.parse(${JSON.stringify(json)});` };
    });
  },
};
