import { ConnectClient } from '@aws-sdk/client-connect';
import { clientSettings } from '#core/platform/client-settings.ts';
import type { Clock } from '#core/platform/clock.ts';
import { ConfigurationError, SwitchboardError, UnavailableError } from '#core/platform/errors.ts';
import { createRequestThrottle, OutOfTimeError } from '#core/platform/resilience/throttle.ts';

/** The part of a ConnectClient that is used; a test has a small one of its own. */
export type ConnectSender = Pick<ConnectClient, 'send'>;

/** Asks Connect within its quota, and says in our words what it refuses. */
export interface ConnectCalls {
  readonly client: ConnectSender;
  readonly instanceId: string;
  /**
   * @param operation `ListQueues`
   * @throws {ConfigurationError} `ACCESS_DENIED`, `QUOTA_EXCEEDED` or `REFUSED`
   * @throws {UnavailableError} `CONNECT_UNAVAILABLE` when Connect fails again and again
   * @throws {OutOfTimeError} when the answer cannot come in time
   * @throws the error of Connect when it is one of `expected`
   */
  ask<Answer>(operation: string, send: () => Promise<Answer>, ...expected: string[]): Promise<Answer>;
  /** Lets time go by, for what Connect knows of with a delay. Throws as `ask` does. */
  wait(milliseconds: number): Promise<void>;
}

/**
 * Connect's default quota is 2 requests a second with a burst of 5 for each operation. One of the burst is left to
 * others, so that a setup of some 30 requests hardly ever waits.
 */
const QUOTA = { intervalMs: 500, burst: 4, attempts: 6, maxBackoffMs: 10_000 };

/**
 * A role or policy that CloudFormation made a moment ago is not known everywhere in AWS yet, so the first refusals are
 * not believed: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html (eventual consistency).
 * So much patience a request of CloudFormation has in all, not for each question.
 */
const RIGHTS_ARRIVE_MS = [1_000, 3_000, 6_000];

/** What else IAM checks for an operation: see the service authorization reference of Amazon Connect. */
const DEPENDENT_RIGHTS: Record<string, string> = {
  AssociateLambdaFunction: ' and lambda:AddPermission',
  DisassociateLambdaFunction: ' and lambda:RemovePermission',
  CreateContactFlow: ' and connect:TagResource',
  DescribeInstance: ' and ds:DescribeDirectories',
};

export function createConnectCalls(
  client: ConnectSender,
  instanceId: string,
  clock: Clock,
  deadline: number,
): ConnectCalls {
  const pacing = createRequestThrottle('Connect', clock, QUOTA);
  const patience = [...RIGHTS_ARRIVE_MS];

  async function wait(milliseconds: number): Promise<void> {
    if (clock.now() + milliseconds >= deadline) throw outOfTime('a wait');
    await clock.sleep(milliseconds);
  }

  return {
    client,
    instanceId,
    async ask(operation, send, ...expected) {
      for (;;) {
        try {
          return await pacing.run(operation, deadline, async () => {
            try {
              return await send();
            } catch (error) {
              throw translated(operation, error, expected);
            }
          });
        } catch (error) {
          const pause = isRefusal(error) ? patience.shift() : undefined;
          if (pause === undefined) throw explained(operation, error);
          await wait(pause);
        }
      }
    },
    wait,
  };
}

function isRefusal(error: unknown): boolean {
  return error instanceof ConfigurationError && error.code === 'ACCESS_DENIED';
}

/** The SDK's own retries are off, so that every request is counted against the quota. */
export function createConnectClient(): ConnectSender {
  return new ConnectClient({ ...clientSettings('CONNECT', 10_000), maxAttempts: 1 });
}

/** Whether Connect answered so. */
export function isConnectError(error: unknown, ...names: string[]): error is Error {
  return error instanceof Error && names.includes(error.name);
}

/** What Connect answers of something that is not there. */
export const GONE = ['ResourceNotFoundException'] as const;

/** What an error may stand for: there is nothing. */
export const nothing = () => undefined;

/**
 * Asks, and takes the errors of some names for an answer as well.
 *
 * @param otherwise what such an error stands for; it may throw in other words
 * @throws as `ask` does
 */
export async function askOr<Answer, Other>(
  { ask }: ConnectCalls,
  operation: string,
  send: () => Promise<Answer>,
  names: readonly string[],
  otherwise: (error: Error) => Other,
): Promise<Answer | Other> {
  try {
    return await ask(operation, send, ...names);
  } catch (error) {
    if (!isConnectError(error, ...names)) throw error;
    return otherwise(error);
  }
}

function translated(operation: string, error: unknown, expected: string[]): unknown {
  if (!(error instanceof Error) || expected.includes(error.name)) return error;
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0;
  if (status === 403 || error.name.startsWith('AccessDenied')) {
    const rights = `connect:${operation}${DEPENDENT_RIGHTS[operation] ?? ''}`;
    return new ConfigurationError(
      'ACCESS_DENIED',
      `Missing rights: Connect refused ${rights} to the role of ConnectSetupFunction. ` +
        'Look for a permissions boundary or a service control policy that denies it.',
      { cause: error },
    );
  }
  if (error.name === 'LimitExceededException' || error.name === 'ServiceQuotaExceededException') {
    return new ConfigurationError(
      'QUOTA_EXCEEDED',
      `The instance has reached a quota: Connect refused ${operation} (${error.name}). ` +
        'Remove what is not needed, or ask AWS for more in Service Quotas.',
      { cause: error },
    );
  }
  if (status < 400 || status === 429 || status >= 500) return error;
  // About our own flows, functions and queues: it names nobody.
  const message = error.message.slice(0, 300);
  return new ConfigurationError('REFUSED', `Connect refused ${operation} (${error.name}): ${message}`, {
    cause: error,
  });
}

function explained(operation: string, error: unknown): unknown {
  if (error instanceof OutOfTimeError) return outOfTime(operation);
  if (!(error instanceof UnavailableError)) return error;
  const { cause } = error;
  const { name = 'unknown', code } = (cause ?? {}) as { name?: string; code?: string };
  return new UnavailableError(
    'CONNECT_UNAVAILABLE',
    `Amazon Connect did not answer ${operation} (${code ?? name}), although it was asked again and again. ` +
      'Look at the AWS Health Dashboard, and try once more.',
    { cause: error },
  );
}

function outOfTime(what: string): OutOfTimeError {
  return new OutOfTimeError(
    'OUT_OF_TIME',
    `There was not enough time for ${what}. Everything done so far is kept and known again: try once more.`,
  );
}

/** Errors after which it makes no sense to go on: nobody answers, or the time is over. */
export function isHopeless(error: unknown): boolean {
  return error instanceof SwitchboardError && ['CONNECT_UNAVAILABLE', 'OUT_OF_TIME'].includes(error.code);
}
