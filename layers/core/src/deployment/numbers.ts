import {
  AssociatePhoneNumberContactFlowCommand,
  BatchGetFlowAssociationCommand,
  DescribePhoneNumberCommand,
  DisassociatePhoneNumberContactFlowCommand,
} from '@aws-sdk/client-connect';
import { ConfigurationError } from '#core/platform/errors.ts';
import { logger } from '#core/platform/observability.ts';
import { askOr, type ConnectCalls, GONE, nothing } from './connect.ts';
import type { ConnectInstance } from './properties.ts';

/** What Connect says of a number that there is not. */
const UNKNOWN = [...GONE, 'InvalidParameterException'];

/** A phone number of the instance. */
export interface PhoneNumber {
  id: string;
  arn: string;
}

/** The number that an id or ARN names, without a question to Connect; undefined for an empty text. */
export function namedNumber(idOrArn: string, { arn }: ConnectInstance): PhoneNumber | undefined {
  if (idOrArn === '') return undefined;
  const id = lastPart(idOrArn);
  return { id, arn: `${arn.slice(0, arn.indexOf(':instance/'))}:phone-number/${id}` };
}

/**
 * Finds a number by its id or ARN.
 *
 * @throws {ConfigurationError} `NO_NUMBER` when there is none, or it does not belong to the instance
 */
export async function findNumber(
  calls: ConnectCalls,
  instance: ConnectInstance,
  idOrArn: string,
): Promise<PhoneNumber> {
  const id = lastPart(idOrArn);
  const describe = new DescribePhoneNumberCommand({ PhoneNumberId: idOrArn });
  const number = await askOr(
    calls,
    'DescribePhoneNumber',
    () => calls.client.send(describe),
    UNKNOWN,
    (cause) => {
      throw new ConfigurationError(
        'NO_NUMBER',
        'PhoneNumberId is not a phone number of this account and Region. It takes the id or the ARN of a number ' +
          '(a UUID at its end), not its digits; "aws connect list-phone-numbers-v2" shows it.',
        { cause },
      );
    },
  );
  const { TargetArn, PhoneNumberArn } = number.ClaimedPhoneNumberSummary ?? {};
  if (TargetArn === instance.arn && PhoneNumberArn) return { id, arn: PhoneNumberArn };
  throw new ConfigurationError(
    'NO_NUMBER',
    'PhoneNumberId belongs to another instance or to a traffic distribution group. Choose a number that is claimed to the instance itself.',
  );
}

/**
 * The id of the flow that answers a number; undefined when none does. What Connect says of a number that is gone, or
 * that never was one, is not documented: both its ways are taken for "none".
 */
export async function flowOfNumber(calls: ConnectCalls, { arn }: PhoneNumber): Promise<string | undefined> {
  const { client, instanceId: InstanceId } = calls;
  const get = new BatchGetFlowAssociationCommand({
    InstanceId,
    ResourceIds: [arn],
    ResourceType: 'VOICE_PHONE_NUMBER',
  });
  const { FlowAssociationSummaryList = [] } = await askOr(
    calls,
    'BatchGetFlowAssociation',
    () => client.send(get),
    UNKNOWN,
    () => ({ FlowAssociationSummaryList: [] }),
  );
  // Whether ids or ARNs are answered is not documented.
  const own = FlowAssociationSummaryList.find(
    ({ ResourceId = '' }) => lastPart(ResourceId) === lastPart(arn),
  );
  return own?.FlowId === undefined ? undefined : lastPart(own.FlowId);
}

/**
 * Finds the number that an update asks for. One that the properties before named too may have been given back in the
 * console since: that must not stop an update, and still less a rollback, for which nobody can mend it.
 *
 * @returns `GONE` for such a number
 * @throws {ConfigurationError} `NO_NUMBER` when a number that is new to the stack is not there
 */
export async function findNumberAgain(
  calls: ConnectCalls,
  instance: ConnectInstance,
  idOrArn: string,
  earlier: PhoneNumber | undefined,
): Promise<PhoneNumber | 'GONE'> {
  try {
    return await findNumber(calls, instance, idOrArn);
  } catch (error) {
    const gone = error instanceof ConfigurationError && error.code === 'NO_NUMBER';
    if (!gone || earlier?.id !== lastPart(idOrArn)) throw error;
    logger.warn('number gone', { number: earlier.id });
    return 'GONE';
  }
}

export async function pointNumber(
  { ask, client, instanceId }: ConnectCalls,
  { id }: PhoneNumber,
  flowId: string,
): Promise<void> {
  await ask('AssociatePhoneNumberContactFlow', () =>
    client.send(
      new AssociatePhoneNumberContactFlowCommand({
        PhoneNumberId: id,
        InstanceId: instanceId,
        ContactFlowId: flowId,
      }),
    ),
  );
}

/** Nobody answers the number any more; nothing happens when it is gone. */
export async function releaseNumber(calls: ConnectCalls, { id }: PhoneNumber): Promise<void> {
  const { client, instanceId: InstanceId } = calls;
  const release = new DisassociatePhoneNumberContactFlowCommand({ PhoneNumberId: id, InstanceId });
  await askOr(calls, 'DisassociatePhoneNumberContactFlow', () => client.send(release), GONE, nothing);
}

function lastPart(idOrArn: string): string {
  return idOrArn.slice(idOrArn.lastIndexOf('/') + 1);
}
