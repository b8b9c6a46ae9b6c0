import type { Connect } from '#core/connect/connect.ts';
import { describeContactFlow } from '#core/connect/contact-flows.ts';
import {
  associateFlow,
  describePhoneNumber,
  getFlowOfNumber,
  type PhoneNumberReference,
  phoneNumberReference,
} from '#core/connect/phone-numbers.ts';
import type { Tags } from '#core/connect/tags.ts';
import { ConfigurationError } from '#core/platform/errors.ts';
import { logger } from '#core/platform/observability.ts';
import { recordPreviousFlow, restorePreviousFlow } from './previous-flow.ts';

/** The number that PhoneNumberId names; `NOT_FOUND` when it was released in Connect after the stack named it first. */
export type MainNumber = PhoneNumberReference | 'NOT_FOUND' | undefined;

/** The stack's flow that answers calls. */
interface InboundFlow {
  id: string;
  arn: string;
  /** The tags that it had before this run; empty when it is new. */
  tags: Tags;
}

/**
 * Finds the number that PhoneNumberId names.
 *
 * A number that the previous parameters named too may have been released in Connect since. That must not stop an update,
 * still less a rollback, whose parameters cannot be changed.
 *
 * @throws {ConfigurationError} `NO_NUMBER` when a number that is new to the stack does not belong to the instance
 */
export async function findMainNumber(
  connect: Connect,
  idOrArn: string,
  previous: PhoneNumberReference | undefined,
): Promise<MainNumber> {
  const number = phoneNumberReference(idOrArn, connect.instanceArn);
  if (!number) return undefined;
  const claimed = await describePhoneNumber(connect, idOrArn);
  if (claimed?.targetArn === connect.instanceArn && claimed.arn !== '')
    return { id: number.id, arn: claimed.arn };
  if (previous?.id === number.id) {
    logger.warn('number gone', { number: number.id });
    return 'NOT_FOUND';
  }
  throw new ConfigurationError(
    'NO_NUMBER',
    claimed === undefined
      ? 'PhoneNumberId is not a phone number of this account and Region. It takes the ID or the ARN of a number ' +
          '(a UUID at its end), not its digits. "aws connect list-phone-numbers-v2" lists them.'
      : 'PhoneNumberId belongs to another instance or to a traffic distribution group. Choose a number that is claimed to the instance itself.',
  );
}

/**
 * Points the number at the inbound flow. A number that a person pointed at another flow stays there, as a flow stays that
 * a person changed. A number that no flow answers is pointed in every case.
 *
 * @param force points the number wherever it points now: it is new to the stack, or OverwriteFlows is `true`
 * @returns the text of the stack's output
 */
export async function pointMainNumber(
  connect: Connect,
  number: MainNumber,
  inbound: InboundFlow,
  force: boolean,
): Promise<string> {
  if (number === undefined) return 'none';
  if (number === 'NOT_FOUND') {
    return 'not pointed: PhoneNumberId is not a number of the instance any more; name another one, or none';
  }
  const before = await getFlowOfNumber(connect, number);
  if (before === inbound.id) return 'points at the inbound flow';
  if (before !== undefined && !force) {
    const answering = await describeContactFlow(connect, before);
    if (answering) {
      return (
        `left at the flow ${before} ("${answering.name}"), to which it was changed by hand; ` +
        'point it at the inbound flow in Amazon Connect, or update the stack with OverwriteFlows=true'
      );
    }
  }
  await recordPreviousFlow(connect, inbound, number, before);
  await associateFlow(connect, number.id, inbound.id);
  return before === undefined
    ? 'points at the inbound flow now; it pointed at none'
    : `points at the inbound flow now; it pointed at the flow ${before}`;
}

/** Gives the previous number its previous flow again, unless a person has pointed it at another flow. */
export async function releasePreviousNumber(
  connect: Connect,
  previous: PhoneNumberReference | undefined,
  inbound: InboundFlow,
): Promise<void> {
  if (previous && (await getFlowOfNumber(connect, previous)) === inbound.id) {
    await restorePreviousFlow(connect, previous, inbound.tags);
  }
}
