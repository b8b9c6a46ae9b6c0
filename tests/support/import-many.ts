// Imports a generated file in its own process with a small heap, and reports the memory outside the heap:
// node --max-old-space-size=40 --expose-gc import-many.ts FORMAT ROWS
import { createWriteStream, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import { contactRows } from '#tools/cli/contacts/contact-rows.ts';
import { importFile } from '#tools/cli/import/import-file.ts';

const [format = 'csv', count = '1000'] = process.argv.slice(2);
const rows = Number(count);

function* lines() {
  if (format === 'csv') yield 'contactId,firstName,lastName,identifiers,attr_tier\n';
  for (let i = 0; i < rows; i++) {
    const id = i % 1000 === 999 ? '' : `c-${i}`;
    const phone = `+1415${String(i).padStart(7, '0')}`;
    yield format === 'csv'
      ? `${id},Jane,"O""Hara, ${i}",${phone};jane${i}@example.com,vip\n`
      : `${JSON.stringify({ contactId: id, firstName: 'Jane', lastName: `O'Hara ${i}`, identifiers: [phone] })}\n`;
  }
}

const folder = await mkdtemp(join(tmpdir(), 'import-many-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, `many.${format}`);
await pipeline(Readable.from(lines()), createWriteStream(path));
// Measures after a garbage collection: the resident size also includes memory that is not yet collected.
const { gc } = globalThis;
if (!gc) throw new Error('Run it with --expose-gc.');
let [written, heldMb] = [0, 0];
const result = await importFile({
  rows: contactRows,
  path,
  format: format as 'csv' | 'ndjson',
  concurrency: 32,
  target: 'nowhere',
  // A table is slow now and then, too.
  async write() {
    const nth = ++written;
    if (nth % 500 === 0) await setTimeout(2);
    if (nth % 20_000 === 0) {
      gc();
      heldMb = Math.max(heldMb, process.memoryUsage().arrayBuffers / 1024 ** 2);
    }
    return 'written';
  },
});
process.stdout.write(`${JSON.stringify({ ...result, heldMb })}\n`);
