import fc from 'fast-check';
import { readLines } from '#core/platform/ndjson.ts';

const LONGEST = 8;

async function linesOf(chunks: Iterable<Uint8Array>, longest = LONGEST) {
  const lines = [];
  for await (const line of readLines(chunks, longest)) lines.push(line);
  return lines;
}

const read = (text: string, longest?: number) => linesOf([Buffer.from(text)], longest);

test('lines have numbers, and blank ones count but are left out', async () => {
  expect(await read('one\n\n  \r\ntwo\n')).toEqual([
    { number: 1, text: 'one' },
    { number: 4, text: 'two' },
  ]);
});

test('a line without an end is the last one, and says so', async () => {
  expect(await read('one\ntwo')).toEqual([
    { number: 1, text: 'one' },
    { number: 2, text: 'two', last: true },
  ]);
});

test('lines may end as they do on Windows, and a text may begin with a byte order mark', async () => {
  expect(await read('\uFEFFone\r\n\uFEFFtwo\r\n')).toEqual([
    { number: 1, text: 'one' },
    { number: 2, text: '\uFEFFtwo' },
  ]);
});

test('a line that is too long is named, and the next one is read', async () => {
  expect(
    await read(`${'x'.repeat(LONGEST + 1)}\n${'y'.repeat(LONGEST)}\r\n${'z'.repeat(1_000)}\nok\n`),
  ).toEqual([
    { number: 1, fault: 'TOO_LONG' },
    { number: 2, text: 'yyyyyyyy' },
    { number: 3, fault: 'TOO_LONG' },
    { number: 4, text: 'ok' },
  ]);
});

test('bytes that are no text are named, and the next line is read', async () => {
  expect(await linesOf([Buffer.from([0xff, 0xfe, 0x0a]), Buffer.from('ok\n')])).toEqual([
    { number: 1, fault: 'NOT_UTF8' },
    { number: 2, text: 'ok' },
  ]);
});

test('nothing has no lines', async () => {
  expect(await linesOf([])).toEqual([]);
  expect(await linesOf([Buffer.alloc(0), Buffer.from('\n')])).toEqual([]);
});

test('a line of many megabytes is never held', async () => {
  const longest = 16 * 1024;
  const copies = jest.spyOn(Buffer, 'from');
  const joined = jest.spyOn(Buffer, 'concat');
  // One chunk that is written over, as a network's may be: what is held of it has to be copied.
  const chunk = Buffer.alloc(1_000, 'x');
  function* many() {
    for (let i = 0; i < 12_000; i++) yield chunk;
    yield Buffer.from('\nok');
  }

  const lines = await linesOf(many(), longest);
  const copied = copies.mock.calls.map(([bytes]) => (Buffer.isBuffer(bytes) ? bytes.length : 0));
  const together = joined.mock.calls.flatMap(([parts]) => parts.map(({ length }) => length));
  jest.restoreAllMocks();

  expect(lines).toEqual([
    { number: 1, fault: 'TOO_LONG' },
    { number: 2, text: 'ok', last: true },
  ]);
  for (const sizes of [copied, together]) {
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(longest + chunk.length);
  }
});

test('wherever any bytes are cut, the lines are the same', async () => {
  const alphabet = fc.constantFrom(
    ...['a', '{"k":1}', '\n', '\r\n', '\r', ' ', 'é', '😀', '\uFEFF'].map((text) => Buffer.from(text)),
    ...[[0xff], [0xc3], [0xf0, 0x9f]].map((bytes) => Buffer.from(bytes)),
  );
  const texts = fc.array(alphabet, { maxLength: 40 }).map((parts) => Buffer.concat(parts));
  const cuts = fc.array(fc.nat(120), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(texts, cuts, async (bytes, places) => {
      const sorted = [0, ...places.map((place) => Math.min(place, bytes.length)), bytes.length].sort(
        (a, b) => a - b,
      );
      const chunks = sorted.slice(1).map((end, i) => bytes.subarray(sorted[i], end));

      expect(await linesOf(chunks)).toEqual(asOneWouldSplitIt(bytes));
    }),
    { numRuns: 500 },
  );
});

/** The same, with everything in memory. */
function asOneWouldSplitIt(bytes: Buffer): object[] {
  const lines = bytes.toString('latin1').split('\n');
  return lines.flatMap((line, i): object[] => {
    const isLast = i === lines.length - 1 ? { last: true } : {};
    const content = Buffer.from(line.replace(/\r$/, ''), 'latin1');
    const number = i + 1;
    if (content.length > LONGEST) return [{ number, fault: 'TOO_LONG' }];
    if (!Buffer.from(content.toString()).equals(content)) return [{ number, fault: 'NOT_UTF8' }];
    const text = content.toString().replace(i === 0 ? /^\uFEFF/ : /$^/, '');
    return text.trim() === '' ? [] : [{ number, text, ...isLast }];
  });
}
