import {
  type ConnectClient,
  DescribeUserCommand,
  SearchUsersCommand,
  type User,
  type UserSearchSummary,
} from '@aws-sdk/client-connect';
import type { AgentDetails } from '#core/directory/agents.ts';
import { PREFERRED_EXTENSION_TAG } from '#core/directory/preferred-extension.ts';
import type { Clock } from '#core/platform/clock.ts';
import { createRequestThrottle } from '#core/platform/resilience/throttle.ts';

/** The tag, with the value `true`, by which a user is not found by name. */
export const UNLISTED_TAG = 'switchboard:unlisted';

/** Connect's largest page. */
export const USERS_PER_PAGE = 500;

/** Connect's default quota is two requests a second. A run has time: it spends no burst, which others may need. */
export const QUOTA = { intervalMs: 500, burst: 1, attempts: 12, maxBackoffMs: 30_000 };

/** The part of a ConnectClient that is used; a test has a small one of its own. */
export type ConnectSender = Pick<ConnectClient, 'send'>;

export interface UsersPage {
  users: AgentDetails[];
  /** Users without id or user name. */
  incomplete: number;
  nextToken?: string;
}

/** Reads users from Connect within its quota. */
export interface ConnectUsers {
  /** Requests so far. */
  readonly calls: number;
  /**
   * @throws {OutOfTimeError} when the answer cannot come before the deadline
   * @throws {UnavailableError} when Connect fails again and again
   */
  readPage(token: string | undefined, deadline: number): Promise<UsersPage>;
  /** One user, or undefined when Connect does not know it (yet, or any more). Throws as `readPage` does. */
  readUser(userId: string, deadline: number): Promise<{ user: AgentDetails | 'INCOMPLETE' } | undefined>;
}

export function createConnectUsers(client: ConnectSender, instanceArn: string, clock: Clock): ConnectUsers {
  const InstanceId = instanceArn.slice(instanceArn.lastIndexOf('/') + 1);
  const pacing = createRequestThrottle('Connect', clock, QUOTA);

  return {
    get calls() {
      return pacing.calls;
    },
    async readPage(token, deadline) {
      const { Users = [], NextToken } = await pacing.run('users', deadline, () =>
        client.send(
          new SearchUsersCommand({
            InstanceId,
            MaxResults: USERS_PER_PAGE,
            ...(token === undefined ? {} : { NextToken: token }),
          }),
        ),
      );
      const users = Users.flatMap((user) => toDetails(user) ?? []);
      return {
        users,
        incomplete: Users.length - users.length,
        ...(NextToken ? { nextToken: NextToken } : {}),
      };
    },
    async readUser(userId, deadline) {
      const answer = await pacing.run('users', deadline, async () => {
        try {
          return await client.send(new DescribeUserCommand({ InstanceId, UserId: userId }));
        } catch (error) {
          if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
          throw error;
        }
      });
      return answer?.User && { user: toDetails(answer.User) ?? 'INCOMPLETE' };
    },
  };
}

function toDetails({ Id, Arn, Username, IdentityInfo, Tags }: User & UserSearchSummary) {
  if (!Id || !Username) return undefined;
  const preferred = Tags?.[PREFERRED_EXTENSION_TAG]?.trim();
  const details: AgentDetails = {
    agentId: Id,
    arn: Arn ?? '',
    username: Username,
    firstName: IdentityInfo?.FirstName ?? '',
    lastName: IdentityInfo?.LastName ?? '',
    ...(preferred ? { preferredExtension: preferred } : {}),
    ...(Tags?.[UNLISTED_TAG]?.trim().toLowerCase() === 'true' ? { unlisted: true } : {}),
  };
  return details;
}
