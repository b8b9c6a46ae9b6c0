import {
  type ContactFlow,
  DeleteContactFlowCommand,
  DescribeContactFlowCommand,
  ListContactFlowsCommand,
  SearchContactFlowsCommand,
  TagResourceCommand,
} from '@aws-sdk/client-connect';
import { allPages } from '#core/platform/pages.ts';
import { askOr, type ConnectCalls, GONE, nothing } from './connect.ts';
import { instanceGone } from './instance.ts';

/** By these tags a flow of ours is known again. */
export const TAGS = {
  /** The name of the stack that made it. */
  stack: 'switchboard:stack',
  /** Which of the shipped flows it is. */
  flow: 'switchboard:flow',
  /** Its own id. A copy that a person saves may take the tags with it: by this one it is told apart. */
  id: 'switchboard:id',
  /** The hash of what was sent to Connect. */
  source: 'switchboard:source',
  /** The hash of what Connect has made of it; WRITING until that is known. */
  content: 'switchboard:content',
  /** Of the inbound flow: `<id of a number>/<id of the flow that it pointed at before>`, or without the latter for none. */
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

/**
 * The id and name of every flow of the instance.
 *
 * @throws {ConfigurationError} `INSTANCE_GONE`
 */
export function listFlows(calls: ConnectCalls): Promise<{ id: string; name: string }[]> {
  const { client, instanceId: InstanceId } = calls;
  return allPages(async (NextToken) => {
    const list = new ListContactFlowsCommand({ InstanceId, MaxResults: 1000, NextToken });
    const page = await askOr(calls, 'ListContactFlows', () => client.send(list), GONE, instanceGone);
    const entries = page.ContactFlowSummaryList?.map(({ Id = '', Name = '' }) => ({ id: Id, name: Name }));
    return { entries, next: page.NextToken };
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

const NOT_PUBLISHED = 'ContactFlowNotPublishedException';

/** What is published of a flow, or saved if nothing is, and its tags; undefined when it is gone. */
export function describeFlow(calls: ConnectCalls, id: string): Promise<FoundFlow | undefined> {
  return describe(calls, id, [...GONE, NOT_PUBLISHED], ({ name }) =>
    name === NOT_PUBLISHED ? describeSaved(calls, id) : undefined,
  );
}

/**
 * What was saved of a flow last. Connect shows by this alias alone what somebody saved and did not publish:
 * https://docs.aws.amazon.com/connect/latest/APIReference/API_DescribeContactFlow.html
 */
export function describeSaved(calls: ConnectCalls, id: string): Promise<FoundFlow | undefined> {
  return describe(calls, `${id}:$SAVED`, GONE, nothing);
}

async function describe(
  calls: ConnectCalls,
  ContactFlowId: string,
  names: readonly string[],
  otherwise: (error: Error) => Promise<FoundFlow | undefined> | undefined,
): Promise<FoundFlow | undefined> {
  const { client, instanceId: InstanceId } = calls;
  const command = new DescribeContactFlowCommand({ InstanceId, ContactFlowId });
  const send = async () => {
    const { ContactFlow } = await client.send(command);
    return ContactFlow && toFound(ContactFlow);
  };
  return askOr(calls, 'DescribeContactFlow', send, names, otherwise);
}

/** Adds tags; false when the flow is gone. */
export async function tagFlow(
  calls: ConnectCalls,
  arn: string,
  tags: Record<string, string>,
): Promise<boolean> {
  const tag = new TagResourceCommand({ resourceArn: arn, tags });
  const answer = await askOr(calls, 'TagResource', () => calls.client.send(tag), GONE, nothing);
  return answer !== undefined;
}

/** Nothing happens when the flow is gone. */
export async function deleteFlow(calls: ConnectCalls, id: string): Promise<void> {
  const { client, instanceId: InstanceId } = calls;
  const remove = new DeleteContactFlowCommand({ InstanceId, ContactFlowId: id });
  await askOr(calls, 'DeleteContactFlow', () => client.send(remove), GONE, nothing);
}

function toFound({ Id = '', Arn = '', Name = '', Content = '', Tags = {} }: ContactFlow): FoundFlow {
  return { id: Id, arn: Arn, name: Name, content: Content, tags: Tags };
}
