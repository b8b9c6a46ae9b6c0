import { Writable } from 'node:stream';
import type { CliContext } from '#tools/cli/context.ts';
import { runCli } from '#tools/cli/program.ts';

export interface CliRun {
  code: number;
  /** Standard output, and what the command exports to it. */
  lines: string;
  errors: string;
  /** Both, in order. */
  text: string;
}

/** Runs a command as `npm run` does, without a terminal. The environment that the command sets is undone. */
export async function runCommand(
  argv: readonly string[],
  overrides: Partial<Omit<CliContext, 'output'>> = {},
): Promise<CliRun> {
  const run = { code: 0, lines: '', errors: '', text: '' };
  const add = (stream: 'lines' | 'errors') => (text: string) => {
    run[stream] += text;
    run.text += text;
  };
  const stream = new Writable({
    write(chunk, _, done) {
      add('lines')(String(chunk));
      done();
    },
  });
  const output = {
    line: (text: string) => add('lines')(`${text}\n`),
    error: (text: string) => add('errors')(`${text}\n`),
    stream,
  };
  const before = process.env;
  process.env = { ...before };
  try {
    run.code = await runCli(argv, { output, stopSignal: () => new AbortController().signal, ...overrides });
  } finally {
    process.env = before;
  }
  return run;
}
