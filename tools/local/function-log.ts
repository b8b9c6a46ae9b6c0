import type { LogListener } from './lambda/environment-pool.ts';

export interface FunctionLog {
  listener: LogListener;
  /** From now on everything is shown as it comes. */
  startOutput(): void;
}

/**
 * Shows what the functions log, each line with the function's name. While the machine starts, only warnings and
 * errors are kept and shown afterwards: nobody wants to read the load of the demo data, and no line before the
 * one that says so may hold its word.
 */
export function createFunctionLog(write: (text: string) => void): FunctionLog {
  let kept: string[] | undefined = [];
  return {
    listener(name, text) {
      for (const line of text.split('\n')) {
        if (line.trim() === '') continue;
        const tagged = `[${name}] ${line}\n`;
        if (!kept) write(tagged);
        else if (isWarning(line)) kept.push(tagged);
      }
    },
    startOutput() {
      const lines = kept ?? [];
      kept = undefined;
      for (const line of lines) write(line);
    },
  };
}

function isWarning(line: string): boolean {
  return !line.startsWith('{') || /"level":"(WARN|ERROR|CRITICAL)"/.test(line);
}
