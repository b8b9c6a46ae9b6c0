import {
  AssociatePhoneNumberContactFlowCommand,
  BatchGetFlowAssociationCommand,
  ClaimPhoneNumberCommand,
  DescribePhoneNumberCommand,
  DisassociatePhoneNumberContactFlowCommand,
  type ListPhoneNumbersSummary,
  type PhoneNumberCountryCode,
  type PhoneNumberType,
  paginateListFlowAssociations,
  paginateListPhoneNumbersV2,
  paginateSearchAvailablePhoneNumbers,
} from '@aws-sdk/client-connect';
import { idOf } from './arns.ts';
import type { Connect } from './connect.ts';
import { NOT_FOUND, unlessRefused } from './errors.ts';

/** How Connect refuses a number that does not exist is not documented. It may be either way. */
const NUMBER_NOT_FOUND = [...NOT_FOUND, 'InvalidParameterException'];

const ResourceType = 'VOICE_PHONE_NUMBER';

/** A phone number by its ID. */
export interface PhoneNumberReference {
  id: string;
  arn: string;
}

/** The number that an ID or an ARN names, without a request; undefined for an empty text. */
export function phoneNumberReference(idOrArn: string, instanceArn: string): PhoneNumberReference | undefined {
  if (idOrArn === '') return undefined;
  const id = idOf(idOrArn);
  return { id, arn: `${instanceArn.slice(0, instanceArn.indexOf(':instance/'))}:phone-number/${id}` };
}

export interface InstancePhoneNumber {
  /** Empty when Connect gives none. */
  id: string;
  /** E.164, as Connect writes it. */
  phoneNumber: string;
  country?: string;
  type?: string;
}

/**
 * The phone numbers of the instance.
 *
 * @param prefix in E.164; without it, all numbers
 */
export async function listPhoneNumbers(
  { client, instanceArn }: Connect,
  prefix?: string,
): Promise<InstancePhoneNumber[]> {
  const numbers: InstancePhoneNumber[] = [];
  const input = { TargetArn: instanceArn, ...(prefix === undefined ? {} : { PhoneNumberPrefix: prefix }) };
  for await (const page of paginateListPhoneNumbersV2({ client, pageSize: 1_000 }, input)) {
    numbers.push(...(page.ListPhoneNumbersSummaryList ?? []).map(toPhoneNumber));
  }
  return numbers;
}

function toPhoneNumber({
  PhoneNumberId = '',
  PhoneNumber = '',
  PhoneNumberCountryCode,
  PhoneNumberType,
}: ListPhoneNumbersSummary): InstancePhoneNumber {
  return {
    id: PhoneNumberId,
    phoneNumber: PhoneNumber,
    ...(PhoneNumberCountryCode ? { country: PhoneNumberCountryCode } : {}),
    ...(PhoneNumberType ? { type: PhoneNumberType } : {}),
  };
}

/** A number of the instance by its digits, in E.164. */
export async function findPhoneNumber(
  connect: Connect,
  phoneNumber: string,
): Promise<PhoneNumberReference | undefined> {
  const listed = await listPhoneNumbers(connect, phoneNumber);
  const found = listed.find((one) => one.phoneNumber === phoneNumber);
  return phoneNumberReference(found?.id ?? '', connect.instanceArn);
}

export interface ClaimedNumber {
  arn: string;
  /** The instance or the traffic distribution group that the number belongs to. */
  targetArn: string;
  status?: string;
  /** Why a claim failed. */
  message?: string;
}

/** A number of the account by its ID or ARN; undefined when there is no such number, or when Connect does not show it yet. */
export async function describePhoneNumber(
  { client }: Connect,
  idOrArn: string,
): Promise<ClaimedNumber | undefined> {
  const describe = new DescribePhoneNumberCommand({ PhoneNumberId: idOrArn });
  const output = await unlessRefused(NUMBER_NOT_FOUND, client.send(describe));
  if (output === undefined) return undefined;
  const { PhoneNumberArn = '', TargetArn = '', PhoneNumberStatus } = output.ClaimedPhoneNumberSummary ?? {};
  const { Status, Message } = PhoneNumberStatus ?? {};
  return {
    arn: PhoneNumberArn,
    targetArn: TargetArn,
    ...(Status === undefined ? {} : { status: Status }),
    ...(Message === undefined ? {} : { message: Message }),
  };
}

/** Connect's largest page. */
const AVAILABLE_PAGE_SIZE = 10;

/** Numbers that can be claimed, in E.164. */
export async function searchAvailablePhoneNumbers(
  { client, instanceArn }: Connect,
  wanted: { prefix: string; country: string; type: PhoneNumberType; limit: number },
): Promise<string[]> {
  const input = {
    TargetArn: instanceArn,
    // Connect itself says for which countries it has no numbers.
    PhoneNumberCountryCode: wanted.country as PhoneNumberCountryCode,
    PhoneNumberType: wanted.type,
    PhoneNumberPrefix: wanted.prefix,
  };
  const pageSize = Math.min(AVAILABLE_PAGE_SIZE, wanted.limit);
  const found: string[] = [];
  for await (const page of paginateSearchAvailablePhoneNumbers({ client, pageSize }, input)) {
    found.push(...(page.AvailableNumbersList ?? []).flatMap(({ PhoneNumber }) => PhoneNumber ?? []));
    if (found.length >= wanted.limit) break;
  }
  return found.slice(0, wanted.limit);
}

/**
 * Claims a number for the instance. Requests with the same token are one claim.
 *
 * @returns its ID. The claim takes a while: describePhoneNumber shows its status.
 */
export async function claimPhoneNumber(
  { client, instanceArn }: Connect,
  claim: { phoneNumber: string; token: string; description?: string | undefined },
): Promise<string> {
  const { PhoneNumberId = '' } = await client.send(
    new ClaimPhoneNumberCommand({
      TargetArn: instanceArn,
      PhoneNumber: claim.phoneNumber,
      ClientToken: claim.token,
      ...(claim.description === undefined ? {} : { PhoneNumberDescription: claim.description }),
    }),
  );
  return PhoneNumberId;
}

/** The ID of the flow that answers a number; undefined when none does, or when the number is gone. */
export async function getFlowOfNumber(
  { client, instanceId }: Connect,
  { id, arn }: PhoneNumberReference,
): Promise<string | undefined> {
  const get = new BatchGetFlowAssociationCommand({
    InstanceId: instanceId,
    ResourceIds: [arn],
    ResourceType,
  });
  const { FlowAssociationSummaryList = [] } = (await unlessRefused(NUMBER_NOT_FOUND, client.send(get))) ?? {};
  const found = FlowAssociationSummaryList.find(({ ResourceId = '' }) => idOf(ResourceId) === id);
  return found?.FlowId === undefined ? undefined : idOf(found.FlowId);
}

/** The IDs of the flows that answer the numbers of the instance, by the IDs of the numbers. */
export async function listFlowsOfNumbers({ client, instanceId }: Connect): Promise<Map<string, string>> {
  const flows = new Map<string, string>();
  const input = { InstanceId: instanceId, ResourceType } as const;
  for await (const page of paginateListFlowAssociations({ client, pageSize: 1_000 }, input)) {
    for (const { ResourceId = '', FlowId = '' } of page.FlowAssociationSummaryList ?? []) {
      flows.set(idOf(ResourceId), idOf(FlowId));
    }
  }
  return flows;
}

/** Points a number at a flow. */
export async function associateFlow(
  { client, instanceId }: Connect,
  numberId: string,
  flowId: string,
): Promise<void> {
  await client.send(
    new AssociatePhoneNumberContactFlowCommand({
      PhoneNumberId: numberId,
      InstanceId: instanceId,
      ContactFlowId: flowId,
    }),
  );
}

/** Points a number at no flow. Does nothing when the number is gone. */
export async function disassociateFlow({ client, instanceId }: Connect, numberId: string): Promise<void> {
  const disassociate = new DisassociatePhoneNumberContactFlowCommand({
    PhoneNumberId: numberId,
    InstanceId: instanceId,
  });
  await unlessRefused(NOT_FOUND, client.send(disassociate));
}
