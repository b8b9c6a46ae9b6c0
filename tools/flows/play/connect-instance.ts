import {
  BatchGetFlowAssociationCommand,
  type ConnectClient,
  DescribeContactFlowCommand,
  DescribeUserCommand,
  GetCurrentUserDataCommand,
  paginateListAgentStatuses,
  paginateListLambdaFunctions,
  paginateListPhoneNumbersV2,
  paginateListQueues,
  paginateListUsers,
} from '@aws-sdk/client-connect';
import type { InstalledFlow } from './flow/playable-flow.ts';
import {
  type AgentState,
  agentDestination,
  type CallInstance,
  type Destination,
  queueDestination,
} from './instance-state.ts';

/** A number of the instance, and the flow that answers it. */
export interface InstanceNumber {
  number: string;
  flow: string | undefined;
}

export interface ConnectInstance extends CallInstance {
  numbers(): Promise<InstanceNumber[]>;
  /** The names of the queues, without agent queues. */
  queueNames(): Promise<string[]>;
  /** The user names of all agents. */
  agentNames(): Promise<string[]>;
}

/** Reads an instance through the Connect API. Caches what does not change during a call. */
export function createConnectInstance(client: ConnectClient, arn: string): ConnectInstance {
  const InstanceId = arn.split('/').at(-1) ?? '';
  const page = { client };

  async function readFlow(ContactFlowId: string): Promise<InstalledFlow | undefined> {
    const { ContactFlow } = await client.send(new DescribeContactFlowCommand({ InstanceId, ContactFlowId }));
    const { Arn = '', Name = '', Type = '', Content = '' } = ContactFlow ?? {};
    return { arn: Arn, name: Name, type: Type, content: Content };
  }

  const queues = once(async () => {
    const listed = await all(
      paginateListQueues(page, { InstanceId }),
      ({ QueueSummaryList }) => QueueSummaryList,
    );
    return listed.map(({ Id = '', Arn = '', Name = '' }) =>
      queueDestination({ id: Id, arn: Arn, name: Name }),
    );
  });

  async function readAgent(UserId: string): Promise<Destination> {
    const { User } = await client.send(new DescribeUserCommand({ InstanceId, UserId }));
    const { Id = '', Arn = '', Username = '', IdentityInfo } = User ?? {};
    const name = [IdentityInfo?.FirstName, IdentityInfo?.LastName].filter(Boolean).join(' ') || Username;
    return agentDestination({ id: Id, arn: Arn, name, key: Username, state: await stateOf(Id) });
  }

  const statusTypes = once(async () => {
    const pages = paginateListAgentStatuses(page, { InstanceId });
    const statuses = await all(pages, ({ AgentStatusSummaryList }) => AgentStatusSummaryList);
    return new Map(statuses.map(({ Arn = '', Type }) => [Arn, Type]));
  });

  async function stateOf(userId: string): Promise<AgentState> {
    const { UserDataList: [data] = [] } = await client.send(
      new GetCurrentUserDataCommand({ InstanceId, Filters: { Agents: [userId] } }),
    );
    // The response leaves out agents who are not logged in.
    if (!data) return 'OFFLINE';
    const type = (await statusTypes()).get(data.Status?.StatusArn ?? '');
    if (type !== 'ROUTABLE') return type === 'OFFLINE' ? 'OFFLINE' : 'AWAY';
    return (data.AvailableSlotsByChannel?.VOICE ?? 0) > 0 ? 'AVAILABLE' : 'BUSY';
  }

  const lambdas = once(async () => {
    const pages = paginateListLambdaFunctions(page, { InstanceId });
    return new Set(await all(pages, ({ LambdaFunctions }) => LambdaFunctions));
  });

  /** The flow of each number that has one, by the number's ARN. */
  async function flowsOfNumbers(arns: string[]): Promise<Map<string, string>> {
    if (arns.length === 0) return new Map();
    const { FlowAssociationSummaryList = [] } = await client.send(
      new BatchGetFlowAssociationCommand({
        InstanceId,
        ResourceIds: arns,
        ResourceType: 'VOICE_PHONE_NUMBER',
      }),
    );
    return new Map(
      FlowAssociationSummaryList.map(({ ResourceId = '', FlowId = '' }) => [ResourceId, FlowId]),
    );
  }

  return {
    arn,
    flow: found(readFlow),
    queue: async (reference) => (await queues()).find(({ id, arn }) => reference === id || reference === arn),
    agent: found(readAgent),
    queueNames: async () => (await queues()).flatMap(({ name }) => name || []),
    async agentNames() {
      const pages = paginateListUsers(page, { InstanceId });
      const users = await all(pages, ({ UserSummaryList }) => UserSummaryList);
      return users.flatMap(({ Username }) => Username ?? []);
    },
    hasLambda: async (functionArn) => (await lambdas()).has(functionArn),
    async numbers() {
      const pages = paginateListPhoneNumbersV2(page, { TargetArn: arn });
      const numbers = await all(pages, ({ ListPhoneNumbersSummaryList }) => ListPhoneNumbersSummaryList);
      const flows = await flowsOfNumbers(numbers.flatMap(({ PhoneNumberArn }) => PhoneNumberArn ?? []));
      return numbers.map(({ PhoneNumber = '', PhoneNumberArn = '' }) => ({
        number: PhoneNumber,
        flow: flows.get(PhoneNumberArn),
      }));
    },
  };
}

async function all<Page, Entry>(
  pages: AsyncIterable<Page>,
  entries: (page: Page) => Entry[] | undefined,
): Promise<Entry[]> {
  const found: Entry[] = [];
  for await (const page of pages) found.push(...(entries(page) ?? []));
  return found;
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= read();
    return answer;
  };
}

/** Caches the result for each reference; undefined if Connect does not have it. */
function found<T>(read: (reference: string) => Promise<T>): (reference: string) => Promise<T | undefined> {
  const answers = new Map<string, Promise<T | undefined>>();
  return (reference) => {
    const answer = answers.get(reference) ?? read(reference).catch(notFound);
    answers.set(reference, answer);
    return answer;
  };
}

/** Connect reports a malformed ID as InvalidParameterException. */
function notFound(error: unknown): undefined {
  const { name } = error as Error;
  if (name === 'ResourceNotFoundException' || name === 'InvalidParameterException') return undefined;
  throw error;
}
