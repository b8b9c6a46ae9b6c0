import { LOCAL, textAt } from '../../../template/index.ts';
import { invalid, notFound } from '../errors.ts';
import { flowArn, flowIdOf } from '../flows.ts';
import { type ConnectNumber, NUMBER_TARGET } from '../numbers.ts';
import type { OperationInput, OperationResult } from '../operation.ts';
import { page } from '../paging.ts';
import type { ConnectWorld } from '../world.ts';

export function listPhoneNumbersV2({ numbers }: ConnectWorld, { body }: OperationInput): OperationResult {
  const target = textAt(body, 'TargetArn');
  const instance = textAt(body, 'InstanceId');
  if (target !== undefined && instance !== undefined) throw invalid('TargetArn or InstanceId, not both.');
  if (instance !== undefined && instance !== LOCAL.connectInstanceId && instance !== NUMBER_TARGET) {
    throw notFound('There is no such instance.');
  }
  const wanted = target === undefined || target === NUMBER_TARGET ? numbers.all() : [];
  const listed = wanted.filter(({ PhoneNumber, Country, Type }) => {
    const prefix = textAt(body, 'PhoneNumberPrefix') ?? '';
    return (
      PhoneNumber.startsWith(prefix) &&
      holds(body.PhoneNumberCountryCodes, Country) &&
      holds(body.PhoneNumberTypes, Type)
    );
  });
  const { entries, next } = page('ListPhoneNumbersV2', listed, body.MaxResults, body.NextToken, 100, 1000);
  return { body: { ListPhoneNumbersSummaryList: entries.map(summary), ...next } };
}

export function describePhoneNumber({ numbers }: ConnectWorld, { path }: OperationInput): OperationResult {
  const number = numberAt(numbers, path);
  const ClaimedPhoneNumberSummary = {
    ...summary(number),
    Tags: number.Tags,
    PhoneNumberStatus: { Status: 'CLAIMED' },
  };
  return { body: { ClaimedPhoneNumberSummary } };
}

export function associatePhoneNumberContactFlow(
  { numbers, flows }: ConnectWorld,
  { path, body }: OperationInput,
): OperationResult {
  const number = numberAt(numbers, path);
  const flow = flows.get(flowIdOf(textAt(body, 'ContactFlowId') ?? ''));
  if (!flow) throw notFound('There is no such flow in this instance.');
  if (flow.Type !== 'CONTACT_FLOW') throw invalid('Only an inbound flow can answer a number.');
  numbers.put({ ...number, ContactFlowId: flow.Id });
  return { body: {} };
}

export function disassociatePhoneNumberContactFlow(
  { numbers }: ConnectWorld,
  { path }: OperationInput,
): OperationResult {
  const { ContactFlowId: _, ...number } = numberAt(numbers, path);
  numbers.put(number);
  return { body: {} };
}

/**
 * Which flows numbers point at. Whether Connect answers ids or ARNs is not documented, nor what it says of a number
 * that is gone: here it is the harder answer.
 */
export function batchGetFlowAssociation(
  { numbers }: ConnectWorld,
  { body }: OperationInput,
): OperationResult {
  const ids = Array.isArray(body.ResourceIds) ? body.ResourceIds.map(String) : [];
  if (ids.length < 1 || ids.length > 100) throw invalid('ResourceIds are 1 to 100 ARNs.');
  const FlowAssociationSummaryList = ids.flatMap((ResourceId) => {
    const flow = numberAt(numbers, { PhoneNumberId: ResourceId }).ContactFlowId;
    const ResourceType = 'VOICE_PHONE_NUMBER';
    return flow === undefined ? [] : [{ ResourceId, FlowId: flowArn(flow), ResourceType }];
  });
  return { body: { FlowAssociationSummaryList } };
}

/** Which flow a number points at is not part of it: BatchGetFlowAssociation tells. */
function summary({ Id, Arn, PhoneNumber, Country, Type, Description }: ConnectNumber) {
  return {
    PhoneNumberId: Id,
    PhoneNumberArn: Arn,
    PhoneNumber,
    PhoneNumberCountryCode: Country,
    PhoneNumberType: Type,
    PhoneNumberDescription: Description,
    TargetArn: NUMBER_TARGET,
    InstanceId: LOCAL.connectInstanceId,
  };
}

function numberAt(numbers: ConnectWorld['numbers'], path: Record<string, string>): ConnectNumber {
  const id = path.PhoneNumberId ?? '';
  const number = numbers.get(idOf(id));
  if (!number || (id.includes('/') && id !== number.Arn)) throw notFound('There is no such phone number.');
  return number;
}

function idOf(idOrArn: string): string {
  return idOrArn.slice(idOrArn.lastIndexOf('/') + 1);
}

function holds(list: unknown, value: string): boolean {
  return !Array.isArray(list) || list.length === 0 || list.includes(value);
}
