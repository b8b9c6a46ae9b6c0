import { ConnectClient, DescribeInstanceCommand } from '@aws-sdk/client-connect';
import { clientSettings } from '#core/platform/client-settings.ts';
import type { Clock } from '#core/platform/clock.ts';
import { createRequestThrottle, type RequestQuota } from '#core/platform/resilience/throttle.ts';
import { idOf } from './arns.ts';
import {
  ConnectRefusedError,
  explainOutage,
  NOT_FOUND,
  outOfTime,
  translateError,
  unlessRefused,
} from './errors.ts';

// The files beside this one send the requests: users, phone-numbers, contact-flows, queues, lambda-functions, tags.

/** The part of a ConnectClient that the adapter uses. A test replaces it. */
export type ConnectSender = Pick<ConnectClient, 'send'>;

/**
 * Connect allows 2 requests per second for each operation, and bursts of 5:
 * https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html#connect-api-quotas
 */
const INTERVAL_MS = 500;

/** How much of the quota a kind of work uses, and how often it sends a request again that Connect throttles or fails. */
export const QUOTA_SHARES = {
  /** A deployment is short and waits for every answer. It leaves one request of the burst to others. */
  deployment: { intervalMs: INTERVAL_MS, burst: 4, attempts: 6, maxBackoffMs: 10_000 },
  /** A scheduled job has time. It leaves the burst to others. */
  job: { intervalMs: INTERVAL_MS, burst: 1, attempts: 12, maxBackoffMs: 30_000 },
  /** A command sends a few requests, and its user can wait for a moment. */
  command: { intervalMs: INTERVAL_MS, burst: 2, attempts: 8, maxBackoffMs: 10_000 },
} as const satisfies Record<string, RequestQuota>;

export type QuotaShare = keyof typeof QUOTA_SHARES;

/** One Connect instance, within the quota of its API. */
export interface Connect {
  readonly instanceArn: string;
  readonly instanceId: string;
  readonly clock: Clock;
  /**
   * Sends requests. It keeps to the quota, retries outages, and paginators accept it. `send` throws
   * - {ConnectRefusedError} `ACCESS_DENIED`, `QUOTA_EXCEEDED`, or `REFUSED`
   * - {UnavailableError} `CONNECT_UNAVAILABLE` when Connect does not answer after several attempts
   * - {OutOfTimeError} when the answer cannot come before the deadline
   */
  readonly client: ConnectClient;
  /** The number of requests until now. */
  readonly requests: number;
  /** The same instance and quota with another deadline, on the clock. */
  until(deadline: number): Connect;
  /** Waits for something that Connect shows after a delay. Throws OutOfTimeError when the wait ends after the deadline. */
  wait(milliseconds: number): Promise<void>;
}

export interface ConnectOptions {
  instanceArn: string;
  clock: Clock;
  share: QuotaShare;
  /** Who needs the rights, for error messages: `the role of AgentSyncFunction`. */
  caller: string;
  client?: ConnectSender | undefined;
  /** On the clock. Without it, requests may take any time. */
  deadline?: number;
  /** The waits after which requests that were denied are sent again, for all requests together. */
  accessDeniedWaitsMs?: readonly number[];
}

type Command = Parameters<ConnectClient['send']>[0];

/** Creates the adapter. All requests of one adapter share one quota. */
export function createConnect(options: ConnectOptions): Connect {
  const { instanceArn, clock, caller, client = createConnectClient() } = options;
  const throttle = createRequestThrottle('Connect', clock, QUOTA_SHARES[options.share]);
  const accessDeniedWaits = [...(options.accessDeniedWaitsMs ?? [])];

  async function attempt(operation: string, command: Command): Promise<unknown> {
    try {
      return await client.send(command);
    } catch (error) {
      throw translateError(operation, error, caller);
    }
  }

  function until(deadline: number): Connect {
    async function send(command: Command): Promise<unknown> {
      const operation = operationOf(command);
      for (;;) {
        try {
          return await throttle.run(operation, deadline, () => attempt(operation, command));
        } catch (error) {
          const isDenied = error instanceof ConnectRefusedError && error.code === 'ACCESS_DENIED';
          const pause = isDenied ? accessDeniedWaits.shift() : undefined;
          if (pause === undefined) throw explainOutage(operation, error);
          await wait(pause);
        }
      }
    }

    async function wait(milliseconds: number): Promise<void> {
      if (clock.now() + milliseconds >= deadline) throw outOfTime('a wait');
      await clock.sleep(milliseconds);
    }

    return {
      instanceArn,
      instanceId: idOf(instanceArn),
      clock,
      // The paginators of the SDK accept only an instance of its client.
      client: Object.create(ConnectClient.prototype, { send: { value: send } }),
      get requests() {
        return throttle.calls;
      },
      until,
      wait,
    };
  }

  return until(options.deadline ?? Number.POSITIVE_INFINITY);
}

/** `ListQueues`. The names of classes do not say it: the build shortens them. */
function operationOf({ schema }: Command): string {
  return String(schema?.[2]);
}

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

/** The status of the instance; undefined when there is no such instance. */
export async function getInstanceStatus({ client, instanceId }: Connect): Promise<string | undefined> {
  const describe = new DescribeInstanceCommand({ InstanceId: instanceId });
  const output = await unlessRefused(NOT_FOUND, client.send(describe));
  return output && (output.Instance?.InstanceStatus ?? 'no status');
}
