import {
  createUser,
  deleteUser,
  describeUser,
  listTagsForResource,
  listUsers,
  type Operation,
  searchUsers,
  tagResource,
  untagResource,
  updateUserIdentityInfo,
  updateUserRoutingProfile,
} from './operations.ts';

export interface ConnectRoute {
  operation: string;
  method: string;
  path: RegExp;
  run: Operation;
}

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
  route('TagResource', 'POST', '/tags/(?<resourceArn>.+)', tagResource),
  route('UntagResource', 'DELETE', '/tags/(?<resourceArn>.+)', untagResource),
  route('ListTagsForResource', 'GET', '/tags/(?<resourceArn>.+)', listTagsForResource),
];

function route(operation: string, method: string, path: string, run: Operation): ConnectRoute {
  return { operation, method, path: new RegExp(`^${path}/?$`), run };
}
