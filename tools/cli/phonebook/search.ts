import { type Connect, searchAvailablePhoneNumbers } from '@switchboard/core/connect';
import type { Output } from '#tools/cli/shared/output.ts';
import type { SearchCommand } from './flags.ts';

/** The toll-free codes of North America. */
const TOLL_FREE = /^\+18(?:00|33|44|55|66|77|88)/;

/** `npm run phonebook -- search 613`: one number a line. */
export async function searchCommand(
  connect: Connect,
  command: SearchCommand,
  output: Output,
): Promise<number> {
  const { prefix, country, type } = command;
  const found = await searchAvailablePhoneNumbers(connect, command);
  for (const number of found) output.line(number);
  if (found.length > 0) return 0;
  if (type === 'DID' && TOLL_FREE.test(prefix)) {
    output.error(`Numbers that begin with ${prefix} are toll-free: add --type TOLL_FREE.`);
    return 1;
  }
  output.error(
    `Connect has no number of ${country} that begins with ${prefix} to give away (type ${type}). Try another area ` +
      'code; some countries need papers first: see "Region requirements" in the guide of Amazon Connect.',
  );
  return 1;
}
