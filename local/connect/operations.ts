import { isObject, type JsonObject, objectAt, textAt } from '../template/index.ts';
import { duplicate, invalid, notFound } from './errors.ts';
import { page } from './paging.ts';
import { matchesSearch } from './search.ts';
import { type ConnectUser, newUserId, type UserStore, userArn } from './users.ts';

/** One request: what stood in the path, in the query and in the body. */
export interface OperationInput {
  path: Record<string, string>;
  query: URLSearchParams;
  body: JsonObject;
}

/** What a change of a user is reported as. */
export interface UserChange {
  requestParameters: JsonObject;
  responseElements: JsonObject | null;
}

export interface OperationResult {
  body: unknown;
  change?: UserChange;
}

export type Operation = (users: UserStore, input: OperationInput) => OperationResult;

export function searchUsers(users: UserStore, { body }: OperationInput): OperationResult {
  const criteria = objectAt(body, 'SearchCriteria');
  const filter = objectAt(body, 'SearchFilter');
  const found = users.all().filter((user) => matchesSearch(user, criteria, filter));
  const { entries, next } = page('SearchUsers', found, body.MaxResults, body.NextToken, 100, 500);
  // The real answer leaves out the email address and what DescribeUser alone knows.
  const Users = entries.map(({ IdentityInfo, PhoneConfig, ...user }) => ({
    ...user,
    IdentityInfo: { FirstName: IdentityInfo.FirstName, LastName: IdentityInfo.LastName },
    PhoneConfig,
  }));
  return { body: { Users, ...next, ApproximateTotalCount: found.length } };
}

export function listUsers(users: UserStore, { query }: OperationInput): OperationResult {
  const [size, token] = [query.get('maxResults') ?? undefined, query.get('nextToken') ?? undefined];
  const { entries, next } = page('ListUsers', users.all(), size, token, 1000, 1000);
  const UserSummaryList = entries.map(({ Id, Arn, Username }) => ({ Id, Arn, Username }));
  return { body: { UserSummaryList, ...next } };
}

export function describeUser(users: UserStore, { path }: OperationInput): OperationResult {
  return { body: { User: userAt(users, path) } };
}

export function createUser(users: UserStore, { path, body }: OperationInput): OperationResult {
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
    Tags: texts(objectAt(body, 'Tags')),
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

export function deleteUser(users: UserStore, { path }: OperationInput): OperationResult {
  const user = userAt(users, path);
  users.delete(user.Id);
  return { body: {}, change: changeOf(path) };
}

export function updateUserIdentityInfo(users: UserStore, { path, body }: OperationInput): OperationResult {
  const user = userAt(users, path);
  if (!isObject(body.IdentityInfo)) throw invalid('Missing: IdentityInfo.');
  users.put({ ...user, IdentityInfo: body.IdentityInfo as ConnectUser['IdentityInfo'] });
  return { body: {}, change: changeOf(path) };
}

export function updateUserRoutingProfile(users: UserStore, { path, body }: OperationInput): OperationResult {
  const user = userAt(users, path);
  const profile = textAt(body, 'RoutingProfileId');
  if (!profile) throw invalid('Missing: RoutingProfileId.');
  users.put({ ...user, RoutingProfileId: profile });
  return { body: {}, change: changeOf(path, { routingProfileId: profile }) };
}

export function tagResource(users: UserStore, { path, body }: OperationInput): OperationResult {
  const user = userOfArn(users, path);
  users.put({ ...user, Tags: { ...user.Tags, ...texts(objectAt(body, 'tags')) } });
  return { body: {} };
}

export function untagResource(users: UserStore, { path, query }: OperationInput): OperationResult {
  const user = userOfArn(users, path);
  const gone = query.getAll('tagKeys');
  users.put({
    ...user,
    Tags: Object.fromEntries(Object.entries(user.Tags).filter(([key]) => !gone.includes(key))),
  });
  return { body: {} };
}

export function listTagsForResource(users: UserStore, { path }: OperationInput): OperationResult {
  return { body: { tags: userOfArn(users, path).Tags } };
}

function userAt(users: UserStore, path: Record<string, string>): ConnectUser {
  const id = path.UserId ?? '';
  const user = users.get(id.split('/').at(-1) ?? id);
  if (!user) throw notFound('There is no such user in this instance.');
  return user;
}

function userOfArn(users: UserStore, path: Record<string, string>): ConnectUser {
  const arn = path.resourceArn ?? '';
  const user = users.get(arn.split('/').at(-1) ?? '');
  if (user?.Arn !== arn) throw notFound('There is no resource with this ARN here.');
  return user;
}

function changeOf(path: Record<string, string>, more: JsonObject = {}): UserChange {
  const requestParameters = { instanceId: path.InstanceId ?? '', userId: path.UserId ?? '', ...more };
  return { requestParameters, responseElements: null };
}

/** CloudTrail hides what is sensitive. */
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

function texts(object: JsonObject): Record<string, string> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, String(value)]));
}
