import {
  type ContactFlow,
  type ContactFlowType,
  CreateContactFlowCommand,
  DeleteContactFlowCommand,
  DescribeContactFlowCommand,
  paginateListContactFlows,
  paginateSearchContactFlows,
  UpdateContactFlowContentCommand,
} from '@aws-sdk/client-connect';
import type { Connect } from './connect.ts';
import { isRefused, NOT_FOUND, unlessRefused } from './errors.ts';
import { FLOW_TAGS, isCopy, type Tags } from './tags.ts';

export interface ConnectFlow {
  id: string;
  arn: string;
  name: string;
  /** In the flow language, as Connect shows it. */
  content: string;
  tags: Tags;
}

/** The ID and the name of every flow of the instance. */
export async function listContactFlows(
  { client, instanceId }: Connect,
  types?: ContactFlowType[],
): Promise<{ id: string; name: string }[]> {
  const flows: { id: string; name: string }[] = [];
  const input = { InstanceId: instanceId, ...(types ? { ContactFlowTypes: types } : {}) };
  for await (const { ContactFlowSummaryList = [] } of paginateListContactFlows(
    { client, pageSize: 1_000 },
    input,
  )) {
    flows.push(...ContactFlowSummaryList.map(({ Id = '', Name = '' }) => ({ id: Id, name: Name })));
  }
  return flows;
}

/**
 * The flows that carry these tags, whatever their names are. The index of this search is behind: a flow that it returns
 * may be gone, and a new one may be missing.
 */
export async function searchContactFlows(
  { client, instanceId }: Connect,
  tags: Tags,
): Promise<{ id: string; tags: Tags }[]> {
  const AndConditions = Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
  const input = { InstanceId: instanceId, SearchFilter: { TagFilter: { AndConditions } } };
  const flows: { id: string; tags: Tags }[] = [];
  for await (const { ContactFlows = [] } of paginateSearchContactFlows({ client, pageSize: 100 }, input)) {
    flows.push(...ContactFlows.flatMap(({ Id, Tags = {} }) => (Id ? { id: Id, tags: Tags } : [])));
  }
  return flows;
}

/**
 * The ID of a flow that connect-setup created, by its name or, when it has been renamed, by its tags. The list of flows
 * has no tags, so that takes another request.
 *
 * @param name `<stack> <flow>`
 */
export async function findShippedFlow(connect: Connect, name: string): Promise<string | undefined> {
  const flows = await listContactFlows(connect, ['CONTACT_FLOW']);
  const named = flows.find((flow) => flow.name === name);
  if (named) return named.id;
  const [, stack = '', flow = ''] = /^(.+) (\S+)$/.exec(name) ?? [];
  const tagged = await searchContactFlows(connect, { [FLOW_TAGS.stack]: stack, [FLOW_TAGS.flow]: flow });
  return tagged.find((one) => !isCopy(one))?.id;
}

const NOT_PUBLISHED = 'ContactFlowNotPublishedException';

/** The published content of a flow, or the saved one if nothing is published, and its tags; undefined when it is gone. */
export async function describeContactFlow(connect: Connect, id: string): Promise<ConnectFlow | undefined> {
  try {
    return await describe(connect, id);
  } catch (error) {
    if (!isRefused(error, NOT_PUBLISHED)) throw error;
    return describeSavedContactFlow(connect, id);
  }
}

/**
 * The content of a flow that was saved last. Only this alias shows a change that is saved and not published:
 * https://docs.aws.amazon.com/connect/latest/APIReference/API_DescribeContactFlow.html
 */
export function describeSavedContactFlow(connect: Connect, id: string): Promise<ConnectFlow | undefined> {
  return describe(connect, `${id}:$SAVED`);
}

async function describe({ client, instanceId }: Connect, id: string): Promise<ConnectFlow | undefined> {
  const command = new DescribeContactFlowCommand({ InstanceId: instanceId, ContactFlowId: id });
  const output = await unlessRefused(NOT_FOUND, client.send(command));
  return output?.ContactFlow && toFlow(output.ContactFlow);
}

function toFlow({ Id = '', Arn = '', Name = '', Content = '', Tags = {} }: ContactFlow): ConnectFlow {
  return { id: Id, arn: Arn, name: Name, content: Content, tags: Tags };
}

/**
 * Creates and publishes a flow. Its tags come in the same request: a flow without an owner never exists.
 *
 * @returns undefined when the name is taken
 */
export async function createContactFlow(
  { client, instanceId }: Connect,
  flow: { name: string; type: ContactFlowType; description: string; content: string; tags: Tags },
): Promise<{ id: string; arn: string } | undefined> {
  const create = new CreateContactFlowCommand({
    InstanceId: instanceId,
    Name: flow.name,
    Type: flow.type,
    Description: flow.description,
    Content: flow.content,
    Tags: flow.tags,
  });
  const output = await unlessRefused(['DuplicateResourceException'], client.send(create));
  return output && { id: output.ContactFlowId ?? '', arn: output.ContactFlowArn ?? '' };
}

/** Replaces the content of a flow, and publishes it; false when the flow is gone. */
export async function updateContactFlow(
  { client, instanceId }: Connect,
  id: string,
  content: string,
): Promise<boolean> {
  const update = new UpdateContactFlowContentCommand({
    InstanceId: instanceId,
    ContactFlowId: id,
    Content: content,
  });
  return (await unlessRefused(NOT_FOUND, client.send(update))) !== undefined;
}

/** Does nothing when the flow is gone. */
export async function deleteContactFlow({ client, instanceId }: Connect, id: string): Promise<void> {
  const remove = new DeleteContactFlowCommand({ InstanceId: instanceId, ContactFlowId: id });
  await unlessRefused(NOT_FOUND, client.send(remove));
}

/** What Connect finds wrong with a flow that it does not publish; undefined when that is not the error. */
export function findFlowProblems(error: unknown): string[] | undefined {
  if (!isRefused(error, 'InvalidContactFlowException')) return undefined;
  const { problems = [] } = error.cause as { problems?: { message?: string }[] };
  return problems.map(({ message = '' }) => message);
}
