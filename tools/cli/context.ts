import type { Connect } from '@switchboard/core/connect';
import { stopOnInterrupt } from './interrupt.ts';
import type { Confirm } from './phonebook/confirm.ts';

/** The streams that a command writes to. Tests replace them. */
export interface Output {
  line(text: string): void;
  error(text: string): void;
  /** Receives exported data as it is. */
  stream: NodeJS.WritableStream;
}

/** What a command needs from the process that runs it. */
export interface CliContext {
  output: Output;
  /** A command that can resume calls this once. Without it, Ctrl-C ends the process. */
  stopSignal(): AbortSignal;
  /** The exit code of a command that does not fail. */
  exitCode: number;
  /** Tests replace these two. */
  confirm?: Confirm;
  createConnect?: (instanceArn: string) => Connect;
}

export function createContext(overrides: Partial<CliContext> = {}): CliContext {
  return { output: terminal, stopSignal: stopOnInterrupt, exitCode: 0, ...overrides };
}

const terminal: Output = {
  line: (text) => console.log(text),
  error: (text) => console.error(text),
  stream: process.stdout,
};
