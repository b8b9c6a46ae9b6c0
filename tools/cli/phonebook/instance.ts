import {
  AssociatePhoneNumberContactFlowCommand,
  BatchGetFlowAssociationCommand,
  ListPhoneNumbersV2Command,
} from '@aws-sdk/client-connect';
import { findDirectFlow } from '@switchboard/core/agent-sync';
import { ConfigurationError } from '@switchboard/core/platform/errors';
import type { Calls } from './connect.ts';

/**
 * The id of the flow for direct numbers, also when somebody has renamed it.
 *
 * @throws {ConfigurationError} `NO_FLOW`
 */
export async function findFlow(calls: Calls, name: string): Promise<string> {
  const id = await findDirectFlow(calls.client, instanceId(calls), name, calls.ask);
  if (id !== undefined) return id;
  throw new ConfigurationError(
    'NO_FLOW',
    `The instance has no flow "${name}", so nothing was claimed. Is the stack deployed? --stack names another one.`,
  );
}

/** A number that the instance has. */
export async function findNumber(
  { ask, client, instanceArn }: Calls,
  phoneNumber: string,
): Promise<{ id: string; arn: string } | undefined> {
  const { ListPhoneNumbersSummaryList = [] } = await ask('ListPhoneNumbersV2', () =>
    client.send(
      new ListPhoneNumbersV2Command({
        TargetArn: instanceArn,
        PhoneNumberPrefix: phoneNumber,
        MaxResults: 1000,
      }),
    ),
  );
  const found = ListPhoneNumbersSummaryList.find(({ PhoneNumber }) => PhoneNumber === phoneNumber);
  if (!found?.PhoneNumberId) return undefined;
  return { id: found.PhoneNumberId, arn: found.PhoneNumberArn ?? found.PhoneNumberId };
}

/** The id of the flow that answers a number; undefined when none does. Ids or ARNs are answered: it is not documented. */
export async function flowOfNumber(calls: Calls, { arn }: { arn: string }): Promise<string | undefined> {
  const { FlowAssociationSummaryList: [found] = [] } = await calls.ask('BatchGetFlowAssociation', () =>
    calls.client.send(
      new BatchGetFlowAssociationCommand({
        InstanceId: instanceId(calls),
        ResourceIds: [arn],
        ResourceType: 'VOICE_PHONE_NUMBER',
      }),
    ),
  );
  return found?.FlowId === undefined ? undefined : lastPart(found.FlowId);
}

export async function pointNumber(calls: Calls, id: string, flowId: string): Promise<void> {
  const point = new AssociatePhoneNumberContactFlowCommand({
    PhoneNumberId: id,
    InstanceId: instanceId(calls),
    ContactFlowId: flowId,
  });
  await calls.ask('AssociatePhoneNumberContactFlow', () => calls.client.send(point));
}

function instanceId({ instanceArn }: Pick<Calls, 'instanceArn'>): string {
  return lastPart(instanceArn);
}

function lastPart(arnOrId: string): string {
  return arnOrId.slice(arnOrId.lastIndexOf('/') + 1);
}
