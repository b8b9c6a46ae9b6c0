import { createInterface } from 'node:readline/promises';
import { UsageError } from '#tools/cli/errors.ts';

/** Asks the user; true means yes. */
export type Confirm = (question: string) => Promise<boolean>;

interface Terminal {
  input: NodeJS.ReadableStream & { isTTY?: boolean };
  output: NodeJS.WritableStream;
}

const PROCESS_TERMINAL: Terminal = { input: process.stdin, output: process.stderr };

/**
 * Asks on the terminal. Ctrl-C and Ctrl-D mean no.
 *
 * @throws {UsageError} when there is no terminal
 */
export async function confirmOnTerminal(
  question: string,
  { input, output } = PROCESS_TERMINAL,
): Promise<boolean> {
  if (!input.isTTY)
    throw new UsageError(`${question}\nThere is no terminal to confirm on. To confirm, add --yes.`);
  const terminal = createInterface({ input, output });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} (yes/no) `)).trim());
  } catch (error) {
    if ((error as Error).name !== 'AbortError') throw error;
    output.write('\n');
    return false;
  } finally {
    terminal.close();
  }
}
