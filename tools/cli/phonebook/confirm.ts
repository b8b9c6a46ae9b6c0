import { createInterface } from 'node:readline/promises';
import { UsageError } from '#tools/cli/shared/usage.ts';

export interface Terminal {
  input: NodeJS.ReadableStream & { isTTY?: boolean };
  output: NodeJS.WritableStream;
}

const OWN: Terminal = { input: process.stdin, output: process.stderr };

/**
 * Asks on the terminal. Ctrl-C and Ctrl-D are a no.
 *
 * @throws {UsageError} when nobody is there to answer
 */
export async function confirmOnTerminal(question: string, { input, output } = OWN): Promise<boolean> {
  if (!input.isTTY) throw new UsageError(`${question}\nNobody is there to answer: --yes says so.`);
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
