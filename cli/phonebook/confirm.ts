import { createInterface } from 'node:readline/promises';
import { UsageError } from '../shared/usage.ts';

/**
 * Asks on the terminal.
 *
 * @throws {UsageError} when nobody is there to answer
 */
export async function confirmOnTerminal(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new UsageError(`${question}\nNobody is there to answer: --yes says so.`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} (yes/no) `)).trim());
  } finally {
    terminal.close();
  }
}
