import {
  type ConnectClient,
  CreateContactFlowCommand,
  type CreateContactFlowResponse,
  DescribeContactFlowCommand,
  type DescribeContactFlowResponse,
  ListContactFlowsCommand,
  type ListContactFlowsResponse,
  ResourceNotFoundException,
  SearchContactFlowsCommand,
  type SearchContactFlowsResponse,
  UpdateContactFlowContentCommand,
} from '@aws-sdk/client-connect';

type Command = Parameters<ConnectClient['send']>[0];
type Send = (command: Command) => Promise<unknown>;

/**
 * A Connect that shows writes late: for some time it does not find a new flow, and shows the previous content of a flow.
 */
export function createLag(now: () => number) {
  /** Until when a flow is not found, or shows its previous content. */
  const unknown = new Map<string, number>();
  const stale = new Map<string, { until: number; content: string | undefined }>();
  const isUnknown = (id = '') => (unknown.get(id) ?? 0) > now();

  return (client: ConnectClient, lagMs: number): Send =>
    async (command) => {
      if (command instanceof UpdateContactFlowContentCommand) {
        const { InstanceId, ContactFlowId = '' } = command.input;
        const before = await client.send(new DescribeContactFlowCommand({ InstanceId, ContactFlowId }));
        stale.set(ContactFlowId, { until: now() + lagMs, content: before.ContactFlow?.Content });
      }
      const answer: unknown = await client.send(command);
      if (command instanceof CreateContactFlowCommand) {
        unknown.set((answer as CreateContactFlowResponse).ContactFlowId ?? '', now() + lagMs);
      }
      if (command instanceof ListContactFlowsCommand) {
        const { ContactFlowSummaryList = [] } = answer as ListContactFlowsResponse;
        return { ContactFlowSummaryList: ContactFlowSummaryList.filter(({ Id }) => !isUnknown(Id)) };
      }
      if (command instanceof SearchContactFlowsCommand) {
        const { ContactFlows = [] } = answer as SearchContactFlowsResponse;
        return { ContactFlows: ContactFlows.filter(({ Id }) => !isUnknown(Id)) };
      }
      if (command instanceof DescribeContactFlowCommand) {
        const { ContactFlowId = '' } = command.input;
        if (isUnknown(ContactFlowId)) throw new ResourceNotFoundException({ $metadata: {}, message: '' });
        const shown = stale.get(ContactFlowId);
        const { ContactFlow } = answer as DescribeContactFlowResponse;
        if (shown && shown.until > now()) return { ContactFlow: { ...ContactFlow, Content: shown.content } };
      }
      return answer;
    };
}
