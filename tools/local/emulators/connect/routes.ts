import type { Operation } from './operation.ts';
import { claimPhoneNumber, releasePhoneNumber, searchAvailablePhoneNumbers } from './operations/claims.ts';
import {
  createContactFlow,
  deleteContactFlow,
  describeContactFlow,
  listContactFlows,
  searchContactFlows,
  updateContactFlowContent,
  updateContactFlowMetadata,
} from './operations/flows.ts';
import { describeInstance, listQueues } from './operations/instance.ts';
import {
  associateLambdaFunction,
  disassociateLambdaFunction,
  listLambdaFunctions,
} from './operations/lambdas.ts';
import {
  associatePhoneNumberContactFlow,
  batchGetFlowAssociation,
  describePhoneNumber,
  disassociatePhoneNumberContactFlow,
  listFlowAssociations,
  listPhoneNumbersV2,
} from './operations/numbers.ts';
import { getCurrentUserData, listAgentStatuses, putUserStatus } from './operations/statuses.ts';
import { listTagsForResource, tagResource, untagResource } from './operations/tags.ts';
import {
  createUser,
  deleteUser,
  describeUser,
  listUsers,
  searchUsers,
  updateUserIdentityInfo,
  updateUserRoutingProfile,
} from './operations/users.ts';

export interface ConnectRoute {
  operation: string;
  method: string;
  path: RegExp;
  run: Operation;
  /** Whether a request must name the instance. */
  instance: boolean;
}

const INSTANCE = '/instance/(?<InstanceId>[^/]+)';
const FLOW = '/contact-flows/(?<InstanceId>[^/]+)/(?<ContactFlowId>[^/]+)';
const NUMBER = '/phone-number/(?<PhoneNumberId>[^/]+)';
const USER = '/users/(?<InstanceId>[^/]+)/(?<UserId>[^/]+)';

/** The REST paths of the operations, as the SDK's model has them. */
export const CONNECT_ROUTES: ConnectRoute[] = [
  route('SearchUsers', 'POST', '/search-users', searchUsers),
  route('ListUsers', 'GET', '/users-summary/(?<InstanceId>[^/]+)', listUsers),
  route('CreateUser', 'PUT', '/users/(?<InstanceId>[^/]+)', createUser),
  route('DescribeUser', 'GET', USER, describeUser),
  route('DeleteUser', 'DELETE', USER, deleteUser),
  route('UpdateUserIdentityInfo', 'POST', `${USER}/identity-info`, updateUserIdentityInfo),
  route('UpdateUserRoutingProfile', 'POST', `${USER}/routing-profile`, updateUserRoutingProfile),
  route('PutUserStatus', 'PUT', `${USER}/status`, putUserStatus),
  route('ListAgentStatuses', 'GET', '/agent-status/(?<InstanceId>[^/]+)', listAgentStatuses),
  route('GetCurrentUserData', 'POST', '/metrics/userdata/(?<InstanceId>[^/]+)', getCurrentUserData),
  route('DescribeInstance', 'GET', INSTANCE, describeInstance),
  route('AssociateLambdaFunction', 'PUT', `${INSTANCE}/lambda-function`, associateLambdaFunction),
  route('DisassociateLambdaFunction', 'DELETE', `${INSTANCE}/lambda-function`, disassociateLambdaFunction),
  route('ListLambdaFunctions', 'GET', `${INSTANCE}/lambda-functions`, listLambdaFunctions),
  route('CreateContactFlow', 'PUT', '/contact-flows/(?<InstanceId>[^/]+)', createContactFlow),
  route('DescribeContactFlow', 'GET', FLOW, describeContactFlow),
  route('UpdateContactFlowContent', 'POST', `${FLOW}/content`, updateContactFlowContent),
  route('UpdateContactFlowMetadata', 'POST', `${FLOW}/metadata`, updateContactFlowMetadata),
  route('UpdateContactFlowName', 'POST', `${FLOW}/name`, updateContactFlowMetadata),
  route('DeleteContactFlow', 'DELETE', FLOW, deleteContactFlow),
  route('ListContactFlows', 'GET', '/contact-flows-summary/(?<InstanceId>[^/]+)', listContactFlows),
  route('SearchContactFlows', 'POST', '/search-contact-flows', searchContactFlows),
  route('ListQueues', 'GET', '/queues-summary/(?<InstanceId>[^/]+)', listQueues),
  elsewhere('ListPhoneNumbersV2', 'POST', '/phone-number/list', listPhoneNumbersV2),
  elsewhere(
    'SearchAvailablePhoneNumbers',
    'POST',
    '/phone-number/search-available',
    searchAvailablePhoneNumbers,
  ),
  elsewhere('ClaimPhoneNumber', 'POST', '/phone-number/claim', claimPhoneNumber),
  elsewhere('DescribePhoneNumber', 'GET', NUMBER, describePhoneNumber),
  elsewhere('ReleasePhoneNumber', 'DELETE', NUMBER, releasePhoneNumber),
  route('AssociatePhoneNumberContactFlow', 'PUT', `${NUMBER}/contact-flow`, associatePhoneNumberContactFlow),
  route(
    'DisassociatePhoneNumberContactFlow',
    'DELETE',
    `${NUMBER}/contact-flow`,
    disassociatePhoneNumberContactFlow,
  ),
  route(
    'BatchGetFlowAssociation',
    'POST',
    '/flow-associations-batch/(?<InstanceId>[^/]+)',
    batchGetFlowAssociation,
  ),
  route(
    'ListFlowAssociations',
    'GET',
    '/flow-associations-summary/(?<InstanceId>[^/]+)',
    listFlowAssociations,
  ),
  elsewhere('TagResource', 'POST', '/tags/(?<resourceArn>.+)', tagResource),
  elsewhere('UntagResource', 'DELETE', '/tags/(?<resourceArn>.+)', untagResource),
  elsewhere('ListTagsForResource', 'GET', '/tags/(?<resourceArn>.+)', listTagsForResource),
];

function route(operation: string, method: string, path: string, run: Operation): ConnectRoute {
  return { operation, method, path: new RegExp(`^${path}/?$`), run, instance: true };
}

/** An operation that says in another way what it is about: by an ARN, or for all instances of the account. */
function elsewhere(operation: string, method: string, path: string, run: Operation): ConnectRoute {
  return { ...route(operation, method, path, run), instance: false };
}
