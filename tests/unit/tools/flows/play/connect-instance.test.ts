import {
  BatchGetFlowAssociationCommand,
  ConnectClient,
  DescribeContactFlowCommand,
  DescribeUserCommand,
  GetCurrentUserDataCommand,
  ListAgentStatusesCommand,
  ListLambdaFunctionsCommand,
  ListPhoneNumbersV2Command,
  ListQueuesCommand,
} from '@aws-sdk/client-connect';
import { mockClient } from 'aws-sdk-client-mock';
import { namedError } from '#support/directory.ts';
import { createConnectInstance } from '#tools/flows/play/index.ts';

const ARN = 'arn:aws:connect:eu-central-1:111122223333:instance/i-1';
const connect = mockClient(ConnectClient);
const instance = () => createConnectInstance(new ConnectClient({ region: 'eu-central-1' }), ARN);

beforeEach(() => connect.reset());

test('a flow is read only once', async () => {
  connect
    .on(DescribeContactFlowCommand, { InstanceId: 'i-1', ContactFlowId: 'f-1' })
    .resolves({ ContactFlow: { Arn: 'arn:f-1', Name: 'inbound', Type: 'CONTACT_FLOW', Content: '{}' } });
  const { flow } = instance();

  expect(await flow('f-1')).toEqual({ arn: 'arn:f-1', name: 'inbound', type: 'CONTACT_FLOW', content: '{}' });
  await flow('f-1');

  expect(connect.calls()).toHaveLength(1);
});

test.each(['ResourceNotFoundException', 'InvalidParameterException'])(
  '%s means that the resource does not exist',
  async (name) => {
    connect.onAnyCommand().rejects(namedError(name));

    expect(await instance().flow('f')).toBeUndefined();
    expect(await instance().agent('a')).toBeUndefined();
  },
);

test('another error is an outage', async () => {
  connect.onAnyCommand().rejects(namedError('InternalServiceException'));

  await expect(instance().flow('f')).rejects.toThrow('InternalServiceException');
});

test('a queue is found by its id or its ARN', async () => {
  connect.on(ListQueuesCommand).resolves({
    QueueSummaryList: [{ Id: 'q-1', Arn: 'arn:q-1', Name: 'BasicQueue', QueueType: 'STANDARD' }],
  });
  const { queue } = instance();

  expect(await queue('q-1')).toMatchObject({ kind: 'queue', id: 'q-1', name: 'BasicQueue' });
  expect(await queue('arn:q-1')).toMatchObject({ id: 'q-1' });
  expect(await queue('q-2')).toBeUndefined();
});

const STATUSES = [
  { Arn: 'arn:available', Type: 'ROUTABLE' as const },
  { Arn: 'arn:lunch', Type: 'CUSTOM' as const },
  { Arn: 'arn:offline', Type: 'OFFLINE' as const },
];

/** Ada, in a status, with so many free slots for calls; without a status she is not logged in. */
function ada(StatusArn: string | undefined, free = 1, IdentityInfo?: object) {
  connect.on(DescribeUserCommand).resolves({
    User: { Id: 'u-1', Arn: 'arn:u-1', Username: 'ada.martin', ...(IdentityInfo ? { IdentityInfo } : {}) },
  });
  connect.on(ListAgentStatusesCommand).resolves({ AgentStatusSummaryList: STATUSES });
  connect.on(GetCurrentUserDataCommand, { InstanceId: 'i-1', Filters: { Agents: ['u-1'] } }).resolves({
    UserDataList:
      StatusArn === undefined ? [] : [{ Status: { StatusArn }, AvailableSlotsByChannel: { VOICE: free } }],
  });
  return instance().agent('u-1');
}

test.each([
  ['available', 'arn:available', 1, { online: 1, staffed: 1, available: 1 }],
  ['on a call', 'arn:available', 0, { online: 1, staffed: 1, available: 0 }],
  ['at lunch', 'arn:lunch', 0, { online: 1, staffed: 0, available: 0 }],
  ['offline', 'arn:offline', 0, { online: 0, staffed: 0, available: 0 }],
  ['not logged in', undefined, 0, { online: 0, staffed: 0, available: 0 }],
])('an agent who is %s has the expected counts', async (_, status, free, agents) => {
  expect(await ada(status, free)).toMatchObject({ kind: 'agent', id: 'u-1', agents });
});

test('an agent has a name, or the user name where there is none', async () => {
  expect(await ada('arn:available', 1, { FirstName: 'Ada', LastName: 'Martin' })).toMatchObject({
    name: 'Ada Martin',
    key: 'ada.martin',
  });
  expect(await ada('arn:available')).toMatchObject({ name: 'ada.martin' });
});

test('every page of the associated functions is read', async () => {
  connect
    .on(ListLambdaFunctionsCommand)
    .resolvesOnce({ LambdaFunctions: ['arn:a'], NextToken: 'more' })
    .resolves({ LambdaFunctions: ['arn:b'] });
  const { hasLambda } = instance();

  expect(await Promise.all(['arn:a', 'arn:b', 'arn:c'].map(hasLambda))).toEqual([true, true, false]);
});

test('numbers come with the flow that answers them', async () => {
  connect.on(ListPhoneNumbersV2Command, { TargetArn: ARN }).resolves({
    ListPhoneNumbersSummaryList: [
      { PhoneNumber: '+18005550199', PhoneNumberArn: 'arn:n-1' },
      { PhoneNumber: '+18005550142', PhoneNumberArn: 'arn:n-2' },
    ],
  });
  connect
    .on(BatchGetFlowAssociationCommand, { InstanceId: 'i-1', ResourceIds: ['arn:n-1', 'arn:n-2'] })
    .resolves({ FlowAssociationSummaryList: [{ ResourceId: 'arn:n-1', FlowId: 'f-1' }] });

  expect(await instance().numbers()).toEqual([
    { number: '+18005550199', flow: 'f-1' },
    { number: '+18005550142', flow: undefined },
  ]);
});

test('an instance without numbers has none', async () => {
  connect.on(ListPhoneNumbersV2Command).resolves({});

  expect(await instance().numbers()).toEqual([]);
});
