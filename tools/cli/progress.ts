import { SingleBar } from 'cli-progress';

export interface Progress {
  /** @param text is shown next to the bar */
  update(done: number, text: string): void;
  stop(): void;
}

/** Shows a bar on a terminal. Elsewhere, it writes a line every few seconds, so that a log stays readable. */
export function createProgress(
  title: string,
  total: number,
  options: { stream?: NodeJS.WriteStream; everyMs?: number; now?: () => number } = {},
): Progress {
  const { stream = process.stderr, everyMs = 5000, now = Date.now } = options;
  return stream.isTTY ? createBar(stream, title, total) : createLines(stream, title, total, everyMs, now);
}

function createBar(stream: NodeJS.WriteStream, title: string, total: number): Progress {
  const bar = new SingleBar({
    stream,
    format: `${title} [{bar}] {percentage}% | {text} | {eta_formatted} left`,
    hideCursor: true,
    fps: 5,
    etaBuffer: 100,
  });
  bar.start(Math.max(total, 1), 0, { text: '' });
  return {
    update: (done, text) => bar.update(Math.min(done, Math.max(total, 1)), { text }),
    stop: () => bar.stop(),
  };
}

function createLines(
  stream: NodeJS.WritableStream,
  title: string,
  total: number,
  everyMs: number,
  now: () => number,
): Progress {
  let last = now();
  return {
    update(done, text) {
      if (now() - last < everyMs) return;
      last = now();
      const percent = total > 0 ? Math.min(100, Math.floor((done / total) * 100)) : 100;
      stream.write(`${title}: ${percent} % | ${text}\n`);
    },
    stop() {},
  };
}
