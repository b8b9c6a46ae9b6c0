import type { Clock } from '#core/platform/clock.ts';
import type { ResourceRequest } from '#core/platform/handlers/custom-resource.ts';
import { type ConnectCalls, type ConnectSender, createConnectCalls, createConnectClient } from './connect.ts';
import type { ConnectInstance } from './properties.ts';

/** Of the time for a request, this part may go by before the last question to Connect; it may be slow to answer. */
const ASKING_SHARE = 0.9;

/**
 * Calls of an instance, within the time that CloudFormation's request leaves.
 *
 * @param share the part of that time that may go by before the last question
 */
export function callsWithin(
  { deadline }: Pick<ResourceRequest, 'deadline'>,
  { id }: ConnectInstance,
  { clock, connect = createConnectClient() }: { clock: Clock; connect?: ConnectSender | undefined },
  share = ASKING_SHARE,
): ConnectCalls {
  const now = clock.now();
  return createConnectCalls(connect, id, clock, now + (deadline - now) * share);
}
