import { type Clock, systemClock } from '@switchboard/core/agent-sync';
import {
  type Connect,
  type ConnectSender,
  createConnect,
  createConnectClient,
} from '@switchboard/core/connect';

/** A person's network may be slower than that of AWS. */
const TIMEOUT_MS = 10_000;

/** Creates the adapter for one command. Its requests have no deadline: the user waits, and can stop the command. */
export function createCliConnect(
  instanceArn: string,
  replaced: { client?: ConnectSender; clock?: Clock; timeoutMs?: number } = {},
): Connect {
  const { clock = systemClock, timeoutMs = TIMEOUT_MS } = replaced;
  const timeouts = { connectionTimeout: timeoutMs, requestTimeout: timeoutMs };
  const client = replaced.client ?? createConnectClient(timeouts);
  return createConnect({ instanceArn, clock, share: 'command', caller: 'your credentials', client });
}
