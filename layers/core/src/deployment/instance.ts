import { DescribeInstanceCommand } from '@aws-sdk/client-connect';
import { ConfigurationError } from '#core/platform/errors.ts';
import { askOr, type ConnectCalls, GONE } from './connect.ts';

/**
 * Makes sure that the instance is there and can be used.
 *
 * @throws {ConfigurationError} `NO_INSTANCE` or `INSTANCE_NOT_ACTIVE`
 */
export async function checkInstance(calls: ConnectCalls): Promise<void> {
  const describe = new DescribeInstanceCommand({ InstanceId: calls.instanceId });
  const { Instance } = await askOr(
    calls,
    'DescribeInstance',
    () => calls.client.send(describe),
    GONE,
    (cause) => {
      throw new ConfigurationError(
        'NO_INSTANCE',
        'ConnectInstanceArn names an instance that does not exist in this account and Region. Copy the ARN from the console.',
        { cause },
      );
    },
  );
  if (Instance?.InstanceStatus === 'ACTIVE') return;
  throw new ConfigurationError(
    'INSTANCE_NOT_ACTIVE',
    `The Connect instance is not active (${Instance?.InstanceStatus ?? 'no status'}). Try again when it is.`,
  );
}

/** Deleted between two questions: in a list of what an instance holds, it is the instance that is not there. */
export function instanceGone(cause: Error): never {
  throw new ConfigurationError('INSTANCE_GONE', 'The Connect instance does not exist any more.', { cause });
}

export function isInstanceGone(error: unknown): boolean {
  return error instanceof ConfigurationError && error.code === 'INSTANCE_GONE';
}
