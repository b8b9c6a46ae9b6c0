import type { LogListener } from './lambda/environment-pool.ts';

export interface FunctionLog {
  listener: LogListener;
  /** Shows the kept lines, and from now on every line. */
  startOutput(): void;
}

/**
 * Shows what the functions log, each line with the function's name. During the start, it keeps warnings and errors and
 * shows them afterwards: the demo data causes many lines, and no line before the ready line may contain `ready`.
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
