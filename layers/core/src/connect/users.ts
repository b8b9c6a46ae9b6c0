import {
  DescribeUserCommand,
  paginateSearchUsers,
  type User,
  type UserSearchSummary,
} from '@aws-sdk/client-connect';
import type { Connect } from './connect.ts';
import { NOT_FOUND, unlessRefused } from './errors.ts';
import type { Tags } from './tags.ts';

export interface ConnectUser {
  id: string;
  arn: string;
  username: string;
  firstName: string;
  lastName: string;
  tags: Tags;
}

export interface ConnectUsersPage {
  users: ConnectUser[];
  /** The number of users without an ID or a user name. */
  incomplete: number;
  /** Where the next page starts; absent on the last page. */
  nextToken?: string;
}

/** Connect's largest page. */
const USERS_PAGE_SIZE = 500;

/**
 * All users of the instance, page by page.
 *
 * @param startingToken the token of the page to start from; without it, the first page
 */
export async function* searchUsers(
  { client, instanceId }: Connect,
  startingToken?: string,
): AsyncGenerator<ConnectUsersPage> {
  const start = startingToken === undefined ? {} : { startingToken };
  const config = { client, pageSize: USERS_PAGE_SIZE, ...start };
  for await (const { Users = [], NextToken } of paginateSearchUsers(config, { InstanceId: instanceId })) {
    const users = Users.flatMap((user) => toUser(user) ?? []);
    yield {
      users,
      incomplete: Users.length - users.length,
      ...(NextToken ? { nextToken: NextToken } : {}),
    };
  }
}

export type DescribedUser =
  | { kind: 'FOUND'; user: ConnectUser }
  /** The user has no ID or no user name. */
  | { kind: 'INCOMPLETE' }
  | { kind: 'NOT_FOUND' };

export async function describeUser({ client, instanceId }: Connect, userId: string): Promise<DescribedUser> {
  const describe = new DescribeUserCommand({ InstanceId: instanceId, UserId: userId });
  const output = await unlessRefused(NOT_FOUND, client.send(describe));
  if (!output?.User) return { kind: 'NOT_FOUND' };
  const user = toUser(output.User);
  return user ? { kind: 'FOUND', user } : { kind: 'INCOMPLETE' };
}

function toUser({
  Id,
  Arn = '',
  Username,
  IdentityInfo,
  Tags = {},
}: User & UserSearchSummary): ConnectUser | undefined {
  if (!Id || !Username) return undefined;
  const { FirstName = '', LastName = '' } = IdentityInfo ?? {};
  return { id: Id, arn: Arn, username: Username, firstName: FirstName, lastName: LastName, tags: Tags };
}
