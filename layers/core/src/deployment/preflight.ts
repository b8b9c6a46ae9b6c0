import type { FlowName } from '#core/flows/index.ts';
import type { ConnectCalls } from './connect.ts';
import type { FoundFlow } from './flow-store.ts';
import { checkInstance } from './instance.ts';
import { findNumberAgain, type PhoneNumber } from './numbers.ts';
import type { SetupSettings } from './properties.ts';
import { findQueues, type Queues } from './queues.ts';
import { findFlows, refuseTakenNames } from './stack-flows.ts';

export interface Answers {
  queues: Queues;
  /** The one that is asked for; `GONE` when it was given back since. */
  number: PhoneNumber | 'GONE' | undefined;
  own: Map<FlowName, FoundFlow>;
  /** Every flow that the stack made. */
  tagged: FoundFlow[];
}

/**
 * Asks Connect everything that may be wrong with what a person chose; nothing is changed.
 *
 * @param formerNumber which the stack was told of before
 * @throws {ConfigurationError} with a reason that a person can act on
 */
export async function askFirst(
  calls: ConnectCalls,
  settings: SetupSettings,
  formerNumber?: PhoneNumber,
): Promise<Answers> {
  const { instance, stackName, phoneNumber } = settings;
  await checkInstance(calls);
  const queues = await findQueues(calls, settings);
  const number =
    phoneNumber === '' ? undefined : await findNumberAgain(calls, instance, phoneNumber, formerNumber);
  const { own, tagged, taken } = await findFlows(calls, stackName);
  refuseTakenNames(taken);
  return { queues, number, own, tagged };
}
