import { type JsonObject, textAt } from '#tools/json.ts';
import { flowArn, flowIdOf } from '#tools/local/emulators/connect/flows.ts';
import {
  type ConnectNumber,
  NUMBER_TARGET,
  type PendingClaim,
} from '#tools/local/emulators/connect/numbers.ts';
import {
  defineRoutes,
  type OperationInput,
  type OperationResult,
  pageParameters,
  paginate,
} from '#tools/local/emulators/connect/operation.ts';
import type { ConnectState } from '#tools/local/emulators/connect/state.ts';
import { invalid, notFound } from '#tools/local/emulators/errors.ts';
import { LOCAL } from '#tools/local/template/index.ts';

export const NUMBER_ROUTES = defineRoutes({
  AssociatePhoneNumberContactFlow: [
    'PUT',
    '/phone-number/{PhoneNumberId}/contact-flow',
    associatePhoneNumberContactFlow,
  ],
  DisassociatePhoneNumberContactFlow: [
    'DELETE',
    '/phone-number/{PhoneNumberId}/contact-flow',
    disassociatePhoneNumberContactFlow,
  ],
  BatchGetFlowAssociation: ['POST', '/flow-associations-batch/{InstanceId}', batchGetFlowAssociation],
  ListFlowAssociations: ['GET', '/flow-associations-summary/{InstanceId}', listFlowAssociations],
});

export const ACCOUNT_NUMBER_ROUTES = defineRoutes(
  {
    ListPhoneNumbersV2: ['POST', '/phone-number/list', listPhoneNumbersV2],
    DescribePhoneNumber: ['GET', '/phone-number/{PhoneNumberId}', describePhoneNumber],
  },
  { instance: false },
);

function listPhoneNumbersV2({ numbers }: ConnectState, { body }: OperationInput): OperationResult {
  const wanted = targetsInstance(body) ? numbers.all() : [];
  const listed = wanted.filter(({ PhoneNumber, Country, Type, Claim }) => {
    const prefix = textAt(body, 'PhoneNumberPrefix') ?? '';
    return (
      Claim?.failure === undefined &&
      PhoneNumber.startsWith(prefix) &&
      holds(body.PhoneNumberCountryCodes, Country) &&
      holds(body.PhoneNumberTypes, Type)
    );
  });
  const { entries, next } = paginate(
    'ListPhoneNumbersV2',
    listed,
    body.MaxResults,
    body.NextToken,
    100,
    1000,
  );
  return { body: { ListPhoneNumbersSummaryList: entries.map(summary), ...next } };
}

function describePhoneNumber({ numbers }: ConnectState, { path }: OperationInput): OperationResult {
  const number = numberInPath(numbers, path);
  const PhoneNumberStatus = claimStatus(number.Claim);
  if (number.Claim && number.Claim.pollsLeft > 0) advanceClaim(numbers, number, number.Claim);
  const ClaimedPhoneNumberSummary = { ...summary(number), Tags: number.Tags, PhoneNumberStatus };
  return { body: { ClaimedPhoneNumberSummary } };
}

function claimStatus(claim: PendingClaim | undefined): { Status: string; Message?: string } {
  if (!claim) return { Status: 'CLAIMED' };
  if (claim.pollsLeft > 0) return { Status: 'IN_PROGRESS' };
  return { Status: 'FAILED', Message: claim.failure ?? '' };
}

/** A claim ends after a number of DescribePhoneNumber requests. */
function advanceClaim(numbers: ConnectState['numbers'], number: ConnectNumber, claim: PendingClaim): void {
  const { Claim: _, ...claimed } = number;
  const Claim = { ...claim, pollsLeft: claim.pollsLeft - 1 };
  numbers.put(Claim.pollsLeft === 0 && claim.failure === undefined ? claimed : { ...claimed, Claim });
}

function associatePhoneNumberContactFlow(
  { numbers, flows }: ConnectState,
  { path, body }: OperationInput,
): OperationResult {
  const number = numberInPath(numbers, path);
  if (number.Claim) throw notFound('The claim of this phone number has not succeeded.');
  const flow = flows.get(flowIdOf(textAt(body, 'ContactFlowId') ?? ''));
  if (!flow) throw notFound('There is no such flow in this instance.');
  if (flow.Type !== 'CONTACT_FLOW') throw invalid('Only an inbound flow can answer a number.');
  numbers.put({ ...number, ContactFlowId: flow.Id });
  return { body: {} };
}

function disassociatePhoneNumberContactFlow(
  { numbers }: ConnectState,
  { path }: OperationInput,
): OperationResult {
  const { ContactFlowId: _, ...number } = numberInPath(numbers, path);
  numbers.put(number);
  return { body: {} };
}

/**
 * Returns the flows of numbers. Connect does not document whether it returns IDs or ARNs, or its response for a released
 * number. The emulator uses the stricter one.
 */
function batchGetFlowAssociation({ numbers }: ConnectState, { body }: OperationInput): OperationResult {
  const ids = Array.isArray(body.ResourceIds) ? body.ResourceIds.map(String) : [];
  if (ids.length < 1 || ids.length > 100) throw invalid('ResourceIds are 1 to 100 ARNs.');
  const FlowAssociationSummaryList = ids.flatMap((ResourceId) => {
    const flow = numberInPath(numbers, { PhoneNumberId: ResourceId }).ContactFlowId;
    const ResourceType = 'VOICE_PHONE_NUMBER';
    return flow === undefined ? [] : [{ ResourceId, FlowId: flowArn(flow), ResourceType }];
  });
  return { body: { FlowAssociationSummaryList } };
}

/** Returns the flows of all numbers, page by page. */
function listFlowAssociations({ numbers }: ConnectState, { query }: OperationInput): OperationResult {
  const ResourceType = query.get('ResourceType') ?? 'VOICE_PHONE_NUMBER';
  const all = ResourceType === 'VOICE_PHONE_NUMBER' ? numbers.all() : [];
  const associations = all.flatMap(({ Arn, ContactFlowId }) =>
    ContactFlowId === undefined ? [] : [{ ResourceId: Arn, FlowId: flowArn(ContactFlowId), ResourceType }],
  );
  const { entries, next } = paginate(
    'ListFlowAssociations',
    associations,
    ...pageParameters(query),
    100,
    1000,
  );
  return { body: { FlowAssociationSummaryList: entries, ...next } };
}

/**
 * Checks that a request names the emulated instance.
 *
 * @throws {ServiceError} when it names both, or an instance that does not exist
 */
export function targetsInstance(body: JsonObject): boolean {
  const target = textAt(body, 'TargetArn');
  const instance = textAt(body, 'InstanceId');
  if (target !== undefined && instance !== undefined) throw invalid('TargetArn or InstanceId, not both.');
  if (instance !== undefined && instance !== LOCAL.connectInstanceId && instance !== NUMBER_TARGET) {
    throw notFound('There is no such instance.');
  }
  return target === undefined || target === NUMBER_TARGET;
}

/** The response does not contain the flow: BatchGetFlowAssociation returns it. */
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

export function numberInPath(numbers: ConnectState['numbers'], path: Record<string, string>): ConnectNumber {
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
