import { ConnectClient } from '@aws-sdk/client-connect';
import { clientSettings } from '#core/platform/client-settings.ts';

/** The part of a ConnectClient that the adapter uses. A test replaces it. */
export type ConnectSender = Pick<ConnectClient, 'send'>;

/**
 * Creates the client of this process. The endpoint and the Region come from the environment, as for every other AWS
 * client. The retries of the SDK are off, so that the throttle counts every request.
 */
export function createConnectClient(
  timeouts: { connectionTimeout?: number; requestTimeout?: number } = {},
): ConnectClient {
  const { requestHandler, ...settings } = clientSettings('CONNECT', 10_000);
  return new ConnectClient({
    ...settings,
    maxAttempts: 1,
    requestHandler: { ...requestHandler, ...timeouts },
  });
}
