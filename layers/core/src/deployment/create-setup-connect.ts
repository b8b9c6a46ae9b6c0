import type { ConnectInstance } from '#core/connect/arns.ts';
import { type Connect, type ConnectSender, createConnect } from '#core/connect/connect.ts';
import type { Clock } from '#core/platform/clock.ts';
import type { ResourceRequest } from '#core/platform/handlers/custom-resource.ts';

/** What a test replaces: AWS and time. */
export interface ConnectDependencies {
  connect?: ConnectSender;
  clock?: Clock;
}

/** The part of the time for a request after which no request to Connect starts: its answer may be slow. */
const REQUEST_SHARE = 0.9;

/**
 * AWS applies a new role or policy with a delay, so a request that is denied is sent again after these waits:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
 */
const ACCESS_DENIED_WAITS_MS = [1_000, 3_000, 6_000];

const ROLES = {
  'connect-check': 'the role of ConnectCheckFunction',
  'connect-setup': 'the role of ConnectSetupFunction',
} as const;

/**
 * Creates the Connect adapter of the setup. Its deadline is within the time that a request of CloudFormation leaves.
 *
 * @param share the part of that time in which requests to Connect may start
 */
export function createSetupConnect(
  { deadline }: Pick<ResourceRequest, 'deadline'>,
  { arn }: ConnectInstance,
  options: { clock: Clock; connect: ConnectSender | undefined; caller: keyof typeof ROLES },
  share = REQUEST_SHARE,
): Connect {
  const { clock, connect: client, caller } = options;
  const now = clock.now();
  return createConnect({
    instanceArn: arn,
    clock,
    share: 'deployment',
    caller: ROLES[caller],
    client,
    deadline: now + (deadline - now) * share,
    accessDeniedWaitsMs: ACCESS_DENIED_WAITS_MS,
  });
}
