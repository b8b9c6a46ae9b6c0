import type { Connect } from '#core/connect/connect.ts';
import type { PhoneNumberReference } from '#core/connect/phone-numbers.ts';
import { checkInstance } from './instance.ts';
import { findMainNumber, type MainNumber } from './main-number.ts';
import type { SetupSettings } from './properties.ts';
import { type Queues, resolveQueues } from './queues.ts';
import { findStackFlows, rejectTakenNames, type StackFlows } from './stack-flows.ts';

/** What the check found in the instance. */
export interface Preconditions extends Pick<StackFlows, 'current' | 'tagged'> {
  queues: Queues;
  number: MainNumber;
}

/**
 * Checks that the instance is active, that the queues and the phone number of the parameters exist, and that no other
 * flow has the name of a flow of the stack. It changes nothing.
 *
 * @param previousNumber the number that the parameters named before
 * @throws {ConfigurationError} with a reason that says what to do
 */
export async function checkPreconditions(
  connect: Connect,
  settings: SetupSettings,
  previousNumber?: PhoneNumberReference,
): Promise<Preconditions> {
  await checkInstance(connect);
  const queues = await resolveQueues(connect, settings);
  const number = await findMainNumber(connect, settings.phoneNumber, previousNumber);
  const { current, tagged, takenNames } = await findStackFlows(connect, settings.stackName);
  rejectTakenNames(takenNames);
  return { queues, number, current, tagged };
}
