import {
  type ContactFlowType,
  ListContactFlowsCommand,
  SearchContactFlowsCommand,
} from '@aws-sdk/client-connect';
import type { ConnectSender } from '#core/agent-sync/users.ts';
import { allPages } from '#core/platform/pages.ts';

/** The tags that connect-setup gives its flows. A copy that a person saved may carry them too, but not its own id. */
export const FLOW_TAGS = {
  stack: 'switchboard:stack',
  flow: 'switchboard:flow',
  id: 'switchboard:id',
} as const;

/** Sends one request, of an operation such as `ListContactFlows`, within the quota. */
type Ask = <Answer>(operation: string, send: () => Promise<Answer>) => Promise<Answer>;

/**
 * The id of the flow that puts the callers of direct numbers through: the one with its name, or, when somebody has
 * renamed it, the one with its tags. The lists of flows have no tags, so that is another request.
 *
 * @param flowName `<stack> <flow>`
 */
export async function findDirectFlow(
  client: ConnectSender,
  InstanceId: string,
  flowName: string,
  ask: Ask,
): Promise<string | undefined> {
  const ContactFlowTypes: ContactFlowType[] = ['CONTACT_FLOW'];
  const flows = await allPages(async (NextToken) => {
    const list = new ListContactFlowsCommand({ InstanceId, ContactFlowTypes, MaxResults: 1_000, NextToken });
    const answer = await ask('ListContactFlows', () => client.send(list));
    return { entries: answer.ContactFlowSummaryList, next: answer.NextToken };
  });
  return flows.find(({ Name }) => Name === flowName)?.Id ?? findRenamed(client, InstanceId, flowName, ask);
}

async function findRenamed(
  client: ConnectSender,
  InstanceId: string,
  flowName: string,
  ask: Ask,
): Promise<string | undefined> {
  const [, stack, flow] = /^(.+) (\S+)$/.exec(flowName) ?? [];
  const AndConditions = [
    { TagKey: FLOW_TAGS.stack, TagValue: stack },
    { TagKey: FLOW_TAGS.flow, TagValue: flow },
  ];
  const SearchFilter = { TagFilter: { AndConditions } };
  const search = new SearchContactFlowsCommand({ InstanceId, MaxResults: 100, SearchFilter });
  const { ContactFlows = [] } = await ask('SearchContactFlows', () => client.send(search));
  return ContactFlows.find(({ Id, Tags = {} }) => (Tags[FLOW_TAGS.id] ?? Id) === Id)?.Id;
}
