import { SingleBar } from 'cli-progress';

export interface Progress {
  /** How far it is, and a few words beside the bar. */
  update(done: number, words: string): void;
  stop(): void;
}

/** A bar on a terminal; elsewhere a plain line every few seconds, so that a log stays readable. */
export function createProgress(
  title: string,
  total: number,
  options: { stream?: NodeJS.WriteStream; everyMs?: number; now?: () => number } = {},
): Progress {
  const { stream = process.stderr, everyMs = 5000, now = Date.now } = options;
  return stream.isTTY ? barOn(stream, title, total) : linesOn(stream, title, total, everyMs, now);
}

function barOn(stream: NodeJS.WriteStream, title: string, total: number): Progress {
  const bar = new SingleBar({
    stream,
    format: `${title} [{bar}] {percentage}% | {words} | {eta_formatted} left`,
    hideCursor: true,
    fps: 5,
    etaBuffer: 100,
  });
  bar.start(Math.max(total, 1), 0, { words: '' });
  return {
    update: (done, words) => bar.update(Math.min(done, Math.max(total, 1)), { words }),
    stop: () => bar.stop(),
  };
}

function linesOn(
  stream: NodeJS.WritableStream,
  title: string,
  total: number,
  everyMs: number,
  now: () => number,
): Progress {
  let last = now();
  return {
    update(done, words) {
      if (now() - last < everyMs) return;
      last = now();
      const percent = total > 0 ? Math.min(100, Math.floor((done / total) * 100)) : 100;
      stream.write(`${title}: ${percent} % | ${words}\n`);
    },
    stop() {},
  };
}
