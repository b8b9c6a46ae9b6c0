import { CommandError, UsageError } from '#tools/cli/errors.ts';
import type { ConnectInstance } from '#tools/flows/play/index.ts';

/**
 * Finds the number to call, and its flow.
 *
 * @param wanted in E.164; undefined means the first number that leads to a flow
 * @throws {UsageError} lists the numbers when `wanted` cannot be called
 * @throws {CommandError} when no number can be called
 */
export async function findNumberToCall(
  instance: Pick<ConnectInstance, 'numbers'>,
  wanted: string | undefined,
): Promise<{ number: string; flow: string }> {
  const numbers = await instance.numbers();
  const one = numbers.find(({ number, flow }) =>
    wanted === undefined ? flow !== undefined : number === wanted,
  );
  if (one?.flow !== undefined) return { number: one.number, flow: one.flow };
  const list = numbers.map(
    ({ number, flow }) => `  ${number} ${flow === undefined ? 'leads to no flow' : 'leads to a flow'}`,
  );
  const known =
    list.length > 0 ? `The instance has these numbers:\n${list.join('\n')}` : 'The instance has no numbers.';
  if (wanted === undefined) throw new CommandError(`No number of the instance leads to a flow. ${known}`);
  const why = one ? `${wanted} leads to no flow.` : `${wanted} is not a number of the instance.`;
  throw new UsageError(`--to: ${why} ${known}`);
}
