import {
  type ConnectClient,
  DescribeUserCommand,
  SearchUsersCommand,
  type User,
  type UserSearchSummary,
} from '@aws-sdk/client-connect';
import { UnavailableError } from '../../platform/errors.ts';
import { isOutage } from '../../platform/resilience.ts';
import type { AgentDetails } from '../agents.ts';
import type { Clock } from './state.ts';

/** The tag by which a user asks for an extension. */
export const PREFERRED_TAG = 'switchboard:extension';

/** Connect's largest page. */
export const USERS_PER_PAGE = 500;

/** Connect's default quota is two requests a second. */
const INTERVAL_MS = 500;
const ATTEMPTS = 12;
const LONGEST_BACKOFF_MS = 30_000;

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

/** The run's time is over before Connect answered. */
export class OutOfTimeError extends UnavailableError {
  override readonly name = 'OutOfTimeError';
}

export function createConnectUsers(client: ConnectSender, instanceArn: string, clock: Clock): ConnectUsers {
  const InstanceId = instanceArn.slice(instanceArn.lastIndexOf('/') + 1);
  let calls = 0;
  let nextSlot = 0;

  async function paced<Answer>(deadline: number, ask: () => Promise<Answer>): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      const slot = Math.max(nextSlot, clock.now());
      nextSlot = slot + INTERVAL_MS;
      await waitUntil(slot, deadline);
      calls += 1;
      try {
        return await ask();
      } catch (error) {
        if (!isOutage(error)) throw error;
        if (attempt === ATTEMPTS) {
          throw new UnavailableError('CONNECT_UNAVAILABLE', `Connect failed ${ATTEMPTS} times in a row.`, {
            cause: error,
          });
        }
        const backoff = Math.min(LONGEST_BACKOFF_MS, 500 * 2 ** attempt);
        await waitUntil(clock.now() + backoff * (0.5 + clock.random() / 2), deadline);
      }
    }
  }

  async function waitUntil(time: number, deadline: number): Promise<void> {
    const wait = time - clock.now();
    if (clock.now() + Math.max(0, wait) >= deadline) {
      throw new OutOfTimeError('OUT_OF_TIME', 'The time for reading from Connect is over.');
    }
    if (wait > 0) await clock.sleep(wait);
  }

  return {
    get calls() {
      return calls;
    },
    async readPage(token, deadline) {
      const { Users = [], NextToken } = await paced(deadline, () =>
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
      const answer = await paced(deadline, async () => {
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
  const preferred = Tags?.[PREFERRED_TAG]?.trim();
  const details: AgentDetails = {
    agentId: Id,
    arn: Arn ?? '',
    username: Username,
    firstName: IdentityInfo?.FirstName ?? '',
    lastName: IdentityInfo?.LastName ?? '',
    ...(preferred ? { preferred } : {}),
  };
  return details;
}
