import { describeError, SwitchboardError } from '@switchboard/core/platform/errors';

/** The command cannot continue. The message says why and what to do, and holds no personal data. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError';
}

/** The command line is wrong. The message names the argument or option, and the rule of its value. */
export class UsageError extends CommandError {
  override readonly name = 'UsageError';
}

/** Describes an error for the terminal. Messages of other libraries are left out, because they can hold personal data. */
export function describeFailure(error: unknown): string {
  if (error instanceof CommandError || error instanceof SwitchboardError) return error.message;
  const { code, name, path, syscall } = error as NodeJS.ErrnoException;
  if (syscall !== undefined && path !== undefined) {
    return code === 'ENOENT'
      ? `Cannot open ${path}: the file or its folder does not exist.`
      : `Cannot use ${path} (${code}).`;
  }
  if (name === 'ResourceNotFoundException') {
    return 'A table does not exist. Check the names of the tables, and --region.';
  }
  if (code === 'ECONNREFUSED') {
    return 'Cannot connect to the endpoint. Start the local stack with npm start, or set --dynamodb-endpoint and the other endpoints.';
  }
  return `The command failed unexpectedly: ${JSON.stringify(describeError(error))}`;
}
