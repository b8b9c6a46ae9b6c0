import {
  type ContactFlow,
  CreateContactFlowCommand,
  DeleteContactFlowCommand,
  DescribeContactFlowCommand,
  ListContactFlowsCommand,
  SearchContactFlowsCommand,
  TagResourceCommand,
  UpdateContactFlowContentCommand,
} from '@aws-sdk/client-connect';
import type { ShippedFlow } from '../flows/index.ts';
import { ConfigurationError } from '../platform/errors.ts';
import { allPages } from '../platform/pages.ts';
import { type ConnectCalls, isConnectError } from './connect.ts';

/** By these tags a flow of ours is known again. */
export const TAGS = {
  /** The name of the stack that made it. */
  stack: 'switchboard:stack',
  /** Which of the shipped flows it is. */
  flow: 'switchboard:flow',
  /** The hash of what was sent to Connect. */
  source: 'switchboard:source',
  /** The hash of what Connect has made of it; WRITING until that is known. */
  content: 'switchboard:content',
  /** Of the inbound flow: `<id of a number>/<id of the flow that it pointed at before>`. */
  before: 'switchboard:before',
} as const;

/** Somebody is writing the flow, or was stopped while doing so: what it holds is not a person's change. */
export const WRITING = 'writing';

/** A flow in the instance. */
export interface FoundFlow {
  id: string;
  arn: string;
  name: string;
  content: string;
  tags: Record<string, string>;
}

/** The id and name of every flow of the instance. */
export function listFlows({
  ask,
  client,
  instanceId,
}: ConnectCalls): Promise<{ id: string; name: string }[]> {
  return allPages(async (token) => {
    const { ContactFlowSummaryList = [], NextToken } = await ask(
      'ListContactFlows',
      () =>
        client.send(
          new ListContactFlowsCommand({ InstanceId: instanceId, MaxResults: 1000, NextToken: token }),
        ),
      'ResourceNotFoundException',
    );
    const entries = ContactFlowSummaryList.map(({ Id = '', Name = '' }) => ({ id: Id, name: Name }));
    return { entries, next: NextToken };
  });
}

/**
 * The ids of the flows that carry the stack's tag, whatever their names are now. The index behind the search follows
 * with a delay: what it names may be gone, and what is new may be missing.
 */
export function searchFlows({ ask, client, instanceId }: ConnectCalls, stackName: string): Promise<string[]> {
  return allPages(async (token) => {
    const { ContactFlows = [], NextToken } = await ask('SearchContactFlows', () =>
      client.send(
        new SearchContactFlowsCommand({
          InstanceId: instanceId,
          MaxResults: 100,
          NextToken: token,
          SearchFilter: { TagFilter: { TagCondition: { TagKey: TAGS.stack, TagValue: stackName } } },
        }),
      ),
    );
    return { entries: ContactFlows.flatMap(({ Id }) => Id ?? []), next: NextToken };
  });
}

/** A flow with content and tags, or undefined when it is gone. */
export async function describeFlow(
  { ask, client, instanceId }: ConnectCalls,
  id: string,
): Promise<FoundFlow | undefined> {
  try {
    const { ContactFlow } = await ask(
      'DescribeContactFlow',
      () => client.send(new DescribeContactFlowCommand({ InstanceId: instanceId, ContactFlowId: id })),
      'ResourceNotFoundException',
    );
    return ContactFlow && toFound(ContactFlow);
  } catch (error) {
    if (isConnectError(error, 'ResourceNotFoundException')) return undefined;
    throw error;
  }
}

/**
 * Creates and publishes a flow, with its tags in the same request: there is no moment at which it is nobody's.
 *
 * @returns undefined when its name is taken
 * @throws {ConfigurationError} `INVALID_FLOW`
 */
export async function createFlow(
  calls: ConnectCalls,
  flow: { shipped: ShippedFlow; title: string; content: string; tags: Record<string, string> },
): Promise<{ id: string; arn: string } | undefined> {
  const { client, instanceId } = calls;
  try {
    const { ContactFlowId = '', ContactFlowArn = '' } = await publish(
      calls,
      'CreateContactFlow',
      flow.title,
      () =>
        client.send(
          new CreateContactFlowCommand({
            InstanceId: instanceId,
            Name: flow.title,
            Type: flow.shipped.type,
            Description: flow.shipped.description,
            Content: flow.content,
            Tags: flow.tags,
          }),
        ),
    );
    return { id: ContactFlowId, arn: ContactFlowArn };
  } catch (error) {
    if (isConnectError(error, 'DuplicateResourceException')) return undefined;
    throw error;
  }
}

/**
 * Replaces what a flow does, and publishes it.
 *
 * @returns false when the flow is gone
 * @throws {ConfigurationError} `INVALID_FLOW`
 */
export async function updateFlow(calls: ConnectCalls, flow: FoundFlow, content: string): Promise<boolean> {
  const { client, instanceId } = calls;
  try {
    await publish(calls, 'UpdateContactFlowContent', flow.name, () =>
      client.send(
        new UpdateContactFlowContentCommand({
          InstanceId: instanceId,
          ContactFlowId: flow.id,
          Content: content,
        }),
      ),
    );
    return true;
  } catch (error) {
    if (isConnectError(error, 'ResourceNotFoundException')) return false;
    throw error;
  }
}

/** Adds tags; false when the flow is gone. */
export async function tagFlow(
  { ask, client }: ConnectCalls,
  arn: string,
  tags: Record<string, string>,
): Promise<boolean> {
  try {
    await ask(
      'TagResource',
      () => client.send(new TagResourceCommand({ resourceArn: arn, tags })),
      'ResourceNotFoundException',
    );
    return true;
  } catch (error) {
    if (isConnectError(error, 'ResourceNotFoundException')) return false;
    throw error;
  }
}

/** Nothing happens when the flow is gone. */
export async function deleteFlow({ ask, client, instanceId }: ConnectCalls, id: string): Promise<void> {
  try {
    await ask(
      'DeleteContactFlow',
      () => client.send(new DeleteContactFlowCommand({ InstanceId: instanceId, ContactFlowId: id })),
      'ResourceNotFoundException',
    );
  } catch (error) {
    if (!isConnectError(error, 'ResourceNotFoundException')) throw error;
  }
}

/** How long Connect may take to know of a function or a flow that was just made; not documented, so it is tried. */
const CATCH_UP_MS = [2_000, 6_000];

/** Asks again when Connect finds the flow invalid, because what it names may be newer than what Connect knows. */
async function publish<Answer>(
  { ask, wait }: ConnectCalls,
  operation: string,
  title: string,
  send: () => Promise<Answer>,
): Promise<Answer> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await ask(operation, send, ...PUBLISHING_ERRORS);
    } catch (error) {
      if (!isConnectError(error, 'InvalidContactFlowException')) throw error;
      const pause = CATCH_UP_MS[attempt];
      if (pause === undefined) throw invalidFlow(title, error);
      await wait(pause);
    }
  }
}

const PUBLISHING_ERRORS = [
  'InvalidContactFlowException',
  'DuplicateResourceException',
  'ResourceNotFoundException',
];

function invalidFlow(title: string, error: Error): ConfigurationError {
  const { problems = [] } = error as { problems?: { message?: string }[] };
  const told = problems.slice(0, 3).map(({ message = '' }) => message.slice(0, 200));
  return new ConfigurationError(
    'INVALID_FLOW',
    `Connect does not publish the flow "${title}": ${told.join(' ') || 'it does not say why'}`,
    { cause: error },
  );
}

function toFound({ Id = '', Arn = '', Name = '', Content = '', Tags = {} }: ContactFlow): FoundFlow {
  return { id: Id, arn: Arn, name: Name, content: Content, tags: Tags };
}
