import type { ListedNumber, NumberState, Phonebook } from '@switchboard/core/phonebook';
import type { Output } from '#tools/cli/shared/output.ts';
import { type ListCommand, STATES } from './flags.ts';

const PAGE = 500;

/** `npm run phonebook -- list`: one number a line, with its state and what belongs to that. */
export async function listCommand(
  phonebook: Pick<Phonebook, 'listNumbers'>,
  { state, pool, limit }: ListCommand,
  output: Output,
): Promise<number> {
  let count = 0;
  for (const one of state === undefined ? STATES : [state]) {
    const { shown, more } = await listState(phonebook, one, pool, limit, output);
    count += shown;
    if (more) output.error(`There are more that are ${one}: --limit N shows up to N.`);
  }
  if (count === 0) output.error('There are no such numbers.');
  return 0;
}

async function listState(
  phonebook: Pick<Phonebook, 'listNumbers'>,
  state: NumberState,
  pool: string,
  limit: number,
  output: Output,
): Promise<{ shown: number; more: boolean }> {
  let shown = 0;
  let after: string | undefined;
  do {
    const page = await phonebook.listNumbers({
      state,
      pool,
      limit: Math.min(PAGE, limit - shown),
      ...(after === undefined ? {} : { after }),
    });
    for (const number of page.numbers) output.line(lineOf(number));
    shown += page.numbers.length;
    after = page.next;
  } while (after !== undefined && shown < limit);
  return { shown, more: after !== undefined };
}

function lineOf({ phoneNumber, state, reason, dueAt, userId }: ListedNumber): string {
  const rest = reason ?? (dueAt === undefined ? userId : `until ${dueAt}`) ?? '';
  return `${phoneNumber.padEnd(17)} ${state.padEnd(12)} ${rest}`.trimEnd();
}
