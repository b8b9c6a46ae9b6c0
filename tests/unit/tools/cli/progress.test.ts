import { Writable } from 'node:stream';
import { createProgress } from '#tools/cli/progress.ts';

function screen(isTTY: boolean) {
  const written: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written.push(String(chunk));
      done();
    },
  });
  const methods = { isTTY, columns: 100, clearLine() {}, cursorTo() {}, moveCursor() {} };
  return { stream: Object.assign(stream, methods) as unknown as NodeJS.WriteStream, written };
}

describe('showing progress', () => {
  it('writes a line every few seconds without a terminal', () => {
    const { stream, written } = screen(false);
    let time = 0;
    const progress = createProgress('import', 200, { stream, now: () => time, everyMs: 5000 });

    progress.update(10, '1 row');
    time = 5000;
    progress.update(50, '5 rows');
    time = 9999;
    progress.update(60, '6 rows');
    progress.stop();

    expect(written).toEqual(['import: 25 % | 5 rows\n']);
  });

  it('never shows more than 100 %, although the total is an estimate', () => {
    const { stream, written } = screen(false);
    let time = 0;
    const progress = createProgress('reindex', 10, { stream, now: () => time });

    time = 5000;
    progress.update(25, 'more than expected');

    expect(written).toEqual(['reindex: 100 % | more than expected\n']);
  });

  it('draws a bar on a terminal', () => {
    const { stream, written } = screen(true);
    const progress = createProgress('import', 100, { stream });

    progress.update(50, '7 rows');
    progress.stop();

    expect(written.join('')).toContain('import [');
    expect(written.join('')).toContain('50% | 7 rows');
  });
});
