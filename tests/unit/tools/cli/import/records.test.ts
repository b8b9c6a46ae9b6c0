import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newFolder } from '#support/folder.ts';
import { MAX_RECORD_SIZE, type RawRecord, readRecords } from '#tools/cli/import/records.ts';

async function recordsOf(
  content: string | Buffer,
  format: 'csv' | 'ndjson',
  from?: { offset: number; line: number },
) {
  const path = join(newFolder(), 'file');
  await writeFile(path, content);
  const file = await open(path);
  const records: RawRecord[] = [];
  for await (const record of readRecords(file, { format, ...(from ? { from } : {}) })) records.push(record);
  await file.close();
  return records;
}

const shown = (records: RawRecord[]) => records.map(({ line, bytes }) => `${line}:${bytes}`);

describe('cutting a file into records', () => {
  it('numbers the lines, skips blank ones, and takes the last one without a newline', async () => {
    expect(shown(await recordsOf('a\n\n  \nb\r\nc', 'ndjson'))).toEqual(['1:a', '4:b', '5:c']);
  });

  it('leaves out a byte order mark', async () => {
    expect(shown(await recordsOf('\uFEFFa,b\n1,2\n', 'csv'))).toEqual(['1:a,b', '2:1,2']);
  });

  it('keeps newlines and doubled quotes inside quotes in one record', async () => {
    const content = 'a,"x\ny ""z"", w"\r\nb,"",c\n';

    expect(shown(await recordsOf(content, 'csv'))).toEqual(['1:a,"x\ny ""z"", w"', '3:b,"",c']);
  });

  it.each([
    ['never closes', 'a,"b\nc,d\ne,f\n', ['1:a,"b', '2:c,d', '3:e,f']],
    ['is followed by text', 'a,"b" x\nc,d\n', ['1:a,"b" x', '2:c,d']],
    ['meets the next one', 'a,"b\nc,"d"\n', ['1:a,"b', '2:c,"d"']],
    ['stands inside a plain field', 'a,5" x\nc,d\n', ['1:a,5" x', '2:c,d']],
  ])('takes only the line of a quote that %s, and continues after it', async (_, content, expected) => {
    expect(shown(await recordsOf(content, 'csv'))).toEqual(expected);
  });

  it('marks a line above the limit, does not keep it in memory, and continues after it', async () => {
    const long = 'x'.repeat(3 * MAX_RECORD_SIZE);
    const records = await recordsOf(`a\n${long}\nb\n`, 'ndjson');

    expect(records.map(({ line, tooLong }) => [line, tooLong])).toEqual([
      [1, undefined],
      [2, true],
      [3, undefined],
    ]);
    expect(records[1]).toMatchObject({ offset: 2, end: 3 + long.length });
    expect(records[1]?.bytes.length).toBeLessThan(5000);
  });

  it('loses only its own line to a quote that opens more than the limit before the end', async () => {
    const rows = 'c,d\n'.repeat(MAX_RECORD_SIZE / 2);
    const records = await recordsOf(`a,"b\n${rows}`, 'csv');

    expect(records).toHaveLength(1 + MAX_RECORD_SIZE / 2);
    expect(records.at(-1)?.line).toBe(1 + MAX_RECORD_SIZE / 2);
  });

  it.each(['csv', 'ndjson'] as const)('resumes at the end of each record (%s)', async (format) => {
    const content = '\uFEFFä,"1\n2"\r\n\nb,2\n"c\n"';
    const records = await recordsOf(content, format);

    for (const [index, { end, nextLine }] of records.entries()) {
      const rest = await recordsOf(content, format, { offset: end, line: nextLine });
      expect(shown(rest)).toEqual(shown(records.slice(index + 1)));
    }
  });
});
