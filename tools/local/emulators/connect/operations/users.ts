import { isObject, type JsonObject, objectAt, textAt } from '#tools/json.ts';
import {
  defineRoutes,
  type OperationInput,
  type OperationResult,
  pageParameters,
  paginate,
  toStrings,
  type UserChange,
} from '#tools/local/emulators/connect/operation.ts';
import { matchesSearch } from '#tools/local/emulators/connect/search.ts';
import type { ConnectState } from '#tools/local/emulators/connect/state.ts';
import {
  type ConnectUser,
  newUserId,
  type UserStore,
  userArn,
} from '#tools/local/emulators/connect/users.ts';
import { duplicate, invalid, notFound } from '#tools/local/emulators/errors.ts';

export const USER_ROUTES = defineRoutes({
  SearchUsers: ['POST', '/search-users', searchUsers],
  ListUsers: ['GET', '/users-summary/{InstanceId}', listUsers],
  CreateUser: ['PUT', '/users/{InstanceId}', createUser],
  DescribeUser: ['GET', '/users/{InstanceId}/{UserId}', describeUser],
  DeleteUser: ['DELETE', '/users/{InstanceId}/{UserId}', deleteUser],
  UpdateUserIdentityInfo: ['POST', '/users/{InstanceId}/{UserId}/identity-info', updateUserIdentityInfo],
  UpdateUserRoutingProfile: [
    'POST',
    '/users/{InstanceId}/{UserId}/routing-profile',
    updateUserRoutingProfile,
  ],
});

function searchUsers({ users }: ConnectState, { body }: OperationInput): OperationResult {
  const criteria = objectAt(body, 'SearchCriteria');
  const filter = objectAt(body, 'SearchFilter');
  const found = users.all().filter((user) => matchesSearch(user, criteria, filter));
  const { entries, next } = paginate('SearchUsers', found, body.MaxResults, body.NextToken, 100, 500);
  // Connect leaves out the email address and the fields that only DescribeUser returns.
  const Users = entries.map(({ IdentityInfo, PhoneConfig, ...user }) => ({
    ...user,
    IdentityInfo: { FirstName: IdentityInfo.FirstName, LastName: IdentityInfo.LastName },
    PhoneConfig,
  }));
  return { body: { Users, ...next, ApproximateTotalCount: found.length } };
}

function listUsers({ users }: ConnectState, { query }: OperationInput): OperationResult {
  const { entries, next } = paginate('ListUsers', users.all(), ...pageParameters(query), 1000, 1000);
  const UserSummaryList = entries.map(({ Id, Arn, Username }) => ({ Id, Arn, Username }));
  return { body: { UserSummaryList, ...next } };
}

function describeUser({ users }: ConnectState, { path }: OperationInput): OperationResult {
  return { body: { User: userAt(users, path) } };
}

function createUser({ users }: ConnectState, { path, body }: OperationInput): OperationResult {
  const required = ['Username', 'RoutingProfileId', 'PhoneConfig', 'SecurityProfileIds'];
  const missing = required.filter((name) => body[name] === undefined);
  if (missing.length > 0) throw invalid(`Missing: ${missing.join(', ')}.`);
  const username = textAt(body, 'Username') ?? '';
  if (!/^[a-zA-Z0-9_.@+-]{1,100}$/.test(username))
    throw invalid('Username has characters that are not allowed.');
  if (users.byUsername(username)) throw duplicate('A user with this user name exists already.');
  const id = newUserId();
  const hierarchy = textAt(body, 'HierarchyGroupId');
  users.put({
    Id: id,
    Arn: userArn(id),
    Username: username,
    IdentityInfo: objectAt(body, 'IdentityInfo'),
    PhoneConfig: objectAt(body, 'PhoneConfig'),
    RoutingProfileId: textAt(body, 'RoutingProfileId') ?? '',
    SecurityProfileIds: Array.isArray(body.SecurityProfileIds) ? body.SecurityProfileIds.map(String) : [],
    ...(hierarchy === undefined ? {} : { HierarchyGroupId: hierarchy }),
    Tags: toStrings(objectAt(body, 'Tags')),
  });
  const answer = { UserId: id, UserArn: userArn(id) };
  return {
    body: answer,
    change: {
      requestParameters: { ...hidden(body), instanceId: path.InstanceId ?? '' },
      responseElements: { userId: id, userArn: userArn(id) },
    },
  };
}

function deleteUser({ users, statuses }: ConnectState, { path }: OperationInput): OperationResult {
  const user = userAt(users, path);
  users.delete(user.Id);
  statuses.delete(user.Id);
  return { body: {}, change: changeOf(path) };
}

function updateUserIdentityInfo({ users }: ConnectState, { path, body }: OperationInput): OperationResult {
  const user = userAt(users, path);
  if (!isObject(body.IdentityInfo)) throw invalid('Missing: IdentityInfo.');
  users.put({ ...user, IdentityInfo: body.IdentityInfo as ConnectUser['IdentityInfo'] });
  return { body: {}, change: changeOf(path) };
}

function updateUserRoutingProfile(
  { users, statuses }: ConnectState,
  { path, body }: OperationInput,
): OperationResult {
  const user = userAt(users, path);
  const profile = textAt(body, 'RoutingProfileId');
  if (!profile) throw invalid('Missing: RoutingProfileId.');
  const moved = { ...user, RoutingProfileId: profile };
  users.put(moved);
  statuses.reportRoutingProfileChange(user, moved);
  return { body: {}, change: changeOf(path, { routingProfileId: profile }) };
}

function userAt(users: UserStore, path: Record<string, string>): ConnectUser {
  const id = path.UserId ?? '';
  const user = users.get(id.split('/').at(-1) ?? id);
  if (!user) throw notFound('There is no such user in this instance.');
  return user;
}

function changeOf(path: Record<string, string>, more: JsonObject = {}): UserChange {
  const requestParameters = { instanceId: path.InstanceId ?? '', userId: path.UserId ?? '', ...more };
  return { requestParameters, responseElements: null };
}

/** CloudTrail hides sensitive values. */
function hidden(body: JsonObject): JsonObject {
  const { Username, IdentityInfo, Password, PhoneConfig, RoutingProfileId, SecurityProfileIds } = body;
  return {
    username: Username ?? null,
    routingProfileId: RoutingProfileId ?? null,
    securityProfileIds: SecurityProfileIds ?? null,
    phoneConfig: PhoneConfig ?? null,
    ...(IdentityInfo === undefined ? {} : { identityInfo: 'HIDDEN_DUE_TO_SECURITY_REASONS' }),
    ...(Password === undefined ? {} : { password: 'HIDDEN_DUE_TO_SECURITY_REASONS' }),
  };
}
