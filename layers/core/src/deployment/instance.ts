import { type Connect, getInstanceStatus } from '#core/connect/connect.ts';
import { isRefused, NOT_FOUND } from '#core/connect/errors.ts';
import { ConfigurationError } from '#core/platform/errors.ts';

/**
 * Checks that the instance exists and is active.
 *
 * @throws {ConfigurationError} `NO_INSTANCE` or `INSTANCE_NOT_ACTIVE`
 */
export async function checkInstance(connect: Connect): Promise<void> {
  const status = await getInstanceStatus(connect);
  if (status === undefined) {
    throw new ConfigurationError(
      'NO_INSTANCE',
      'ConnectInstanceArn names an instance that does not exist in this account and Region. Copy the ARN from the console.',
    );
  }
  if (status === 'ACTIVE') return;
  throw new ConfigurationError(
    'INSTANCE_NOT_ACTIVE',
    `The Connect instance is not active (${status}). Try again when it is.`,
  );
}

/**
 * Waits for a list of what the instance has. When Connect does not find something, that is the instance: it was deleted
 * between two requests.
 *
 * @throws {ConfigurationError} `INSTANCE_GONE`
 */
export async function requireInstance<Output>(list: Promise<Output>): Promise<Output> {
  try {
    return await list;
  } catch (error) {
    if (!isRefused(error, ...NOT_FOUND)) throw error;
    throw new ConfigurationError('INSTANCE_GONE', 'The Connect instance does not exist any more.', {
      cause: error,
    });
  }
}

export function isInstanceGone(error: unknown): boolean {
  return error instanceof ConfigurationError && error.code === 'INSTANCE_GONE';
}
