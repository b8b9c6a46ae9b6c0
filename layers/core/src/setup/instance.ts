import { DescribeInstanceCommand } from '@aws-sdk/client-connect';
import { ConfigurationError } from '../platform/errors.ts';
import { type ConnectCalls, isConnectError } from './connect.ts';

/**
 * Makes sure that the instance is there and can be used.
 *
 * @throws {ConfigurationError} `NO_INSTANCE` or `INSTANCE_NOT_ACTIVE`
 */
export async function checkInstance({ ask, client, instanceId }: ConnectCalls): Promise<void> {
  const { Instance } = await ask(
    'DescribeInstance',
    () => client.send(new DescribeInstanceCommand({ InstanceId: instanceId })),
    'ResourceNotFoundException',
  ).catch((error: unknown) => {
    if (!isConnectError(error, 'ResourceNotFoundException')) throw error;
    throw new ConfigurationError(
      'NO_INSTANCE',
      'ConnectInstanceArn names an instance that does not exist in this account and Region. Copy the ARN from the console.',
      { cause: error },
    );
  });
  if (Instance?.InstanceStatus === 'ACTIVE') return;
  throw new ConfigurationError(
    'INSTANCE_NOT_ACTIVE',
    `The Connect instance is not active (${Instance?.InstanceStatus ?? 'no status'}). Try again when it is.`,
  );
}
