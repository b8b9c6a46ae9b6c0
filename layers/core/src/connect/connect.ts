import { ConnectClient } from '@aws-sdk/client-connect';
import type { Clock } from '#core/platform/clock.ts';
import { createRequestThrottle } from '#core/platform/resilience/throttle.ts';
import { idOf } from './arns.ts';
import { type ConnectSender, createConnectClient } from './client.ts';
import { ConnectRefusedError, explainOutage, outOfTime, translateError } from './errors.ts';
import { QUOTA_SHARES, type QuotaShare } from './quotas.ts';

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
