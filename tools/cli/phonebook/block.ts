import { blockNumber, type Directory, unblockNumber } from '@switchboard/core/phonebook';
import type { Output } from '#tools/cli/shared/output.ts';
import type { BlockCommand } from './flags.ts';

/** `npm run phonebook -- block NUMBER`, and `unblock`: says what the number is afterwards. */
export async function blockCommand(
  directory: Directory,
  { name, phoneNumber }: BlockCommand,
  output: Output,
): Promise<number> {
  const record =
    name === 'block'
      ? await blockNumber(directory, phoneNumber)
      : await unblockNumber(directory, phoneNumber, Date.now());
  output.line(`${phoneNumber} is ${record.state}${'reason' in record ? ` (${record.reason})` : ''}.`);
  if (name === 'unblock' && record.state === 'BLOCKED') {
    output.line('The next sync says what becomes of it: that depends on the flow which answers it.');
  }
  return 0;
}
