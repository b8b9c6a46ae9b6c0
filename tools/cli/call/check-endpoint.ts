import { CommandError } from '#tools/cli/errors.ts';

/**
 * Checks that a server answers, so that the user need not wait for all attempts of the SDK.
 *
 * @param option the option of this endpoint: `connect-endpoint`
 * @throws {CommandError}
 */
export async function checkEndpoint(option: string, url: string): Promise<void> {
  try {
    await fetch(url);
  } catch (cause) {
    throw new CommandError(
      `Cannot connect to ${url}. Start the local stack with npm start, or set --${option}.`,
      {
        cause,
      },
    );
  }
}

/** The codes with which Node and fetch report a connection that ended early. */
const BROKEN = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** Describes an error of the endpoints during a call; undefined for any other error. */
export function describeBrokenConnection(error: unknown): string | undefined {
  if (error instanceof CommandError) return undefined;
  const { name, code, cause } = error as NodeJS.ErrnoException;
  if (name === 'UnknownOperationException') {
    return 'The server at --connect-endpoint is not Amazon Connect. npm start prints its endpoints.';
  }
  const codes = [code, (cause as NodeJS.ErrnoException | undefined)?.code];
  return codes.some((one) => one !== undefined && BROKEN.has(one))
    ? 'The connection broke during the call. Check that npm start is still running.'
    : undefined;
}
