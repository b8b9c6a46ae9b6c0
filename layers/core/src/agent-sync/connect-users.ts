import { type Connect, type ConnectSender, createConnect } from '#core/connect/connect.ts';
import type { ConnectUser } from '#core/connect/users.ts';
import type { AgentDetails } from '#core/directory/agents.ts';
import { PREFERRED_EXTENSION_TAG } from '#core/directory/preferred-extension.ts';
import type { Clock } from '#core/platform/clock.ts';

/** With this tag and the value `true`, callers do not find a user by name. */
const UNLISTED_TAG = 'switchboard:unlisted';

/** Creates the connection of one run. All of its requests share one quota. */
export function createSyncConnect(
  setup: { connect?: ConnectSender | undefined; instanceArn: string; clock: Clock },
  deadline: number,
): Connect {
  const { connect: client, instanceArn, clock } = setup;
  const caller = 'the role of AgentSyncFunction';
  return createConnect({ instanceArn, clock, share: 'job', caller, client, deadline });
}

/** The agent that a Connect user is, with what its tags request. */
export function agentDetailsOf({ id, arn, username, firstName, lastName, tags }: ConnectUser): AgentDetails {
  const preferred = tags[PREFERRED_EXTENSION_TAG]?.trim();
  return {
    agentId: id,
    arn,
    username,
    firstName,
    lastName,
    ...(preferred ? { preferredExtension: preferred } : {}),
    ...(tags[UNLISTED_TAG]?.trim().toLowerCase() === 'true' ? { unlisted: true } : {}),
  };
}
