import {
  defineRoutes,
  type OperationInput,
  type OperationResult,
  pageParameters,
  paginate,
} from '#tools/local/emulators/connect/operation.ts';
import type { ConnectState } from '#tools/local/emulators/connect/state.ts';
import { CONNECT_INSTANCE_ARN, LOCAL } from '#tools/local/template/index.ts';

export const INSTANCE_ROUTES = defineRoutes({
  DescribeInstance: ['GET', '/instance/{InstanceId}', describeInstance],
  ListQueues: ['GET', '/queues-summary/{InstanceId}', listQueues],
});

function describeInstance(): OperationResult {
  const Instance = {
    Id: LOCAL.connectInstanceId,
    Arn: CONNECT_INSTANCE_ARN,
    IdentityManagementType: 'CONNECT_MANAGED',
    InstanceAlias: 'switchboard-local',
    CreatedTime: 1_704_067_200,
    ServiceRole: `arn:${LOCAL.partition}:iam::${LOCAL.account}:role/aws-service-role/connect.amazonaws.com/AWSServiceRoleForAmazonConnect`,
    InstanceStatus: 'ACTIVE',
    InboundCallsEnabled: true,
    OutboundCallsEnabled: true,
    Tags: {},
  };
  return { body: { Instance } };
}

function listQueues({ queues }: ConnectState, { query }: OperationInput): OperationResult {
  const types = query.getAll('queueTypes');
  const wanted = queues.filter(({ QueueType }) => types.length === 0 || types.includes(QueueType));
  const { entries, next } = paginate('ListQueues', wanted, ...pageParameters(query), 100, 1000);
  return { body: { QueueSummaryList: entries, ...next } };
}
