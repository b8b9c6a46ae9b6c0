/** One of the addresses of `npm start` is not what the call needs. */
export class EndpointError extends Error {
  override readonly name = 'EndpointError';
}

/**
 * Better said at once than after all the attempts of the SDK.
 *
 * @param flag the flag that names another address: `connect-url`
 * @throws {EndpointError}
 */
export async function checkReachable(flag: string, url: string): Promise<void> {
  try {
    await fetch(url);
  } catch (cause) {
    throw new EndpointError(
      `Nobody answers at ${url}. Is npm start running? --${flag} names another address.`,
      {
        cause,
      },
    );
  }
}

/** What Node and its fetch say of a connection that ends too early. */
const BROKEN = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** A sentence for what can go wrong with the addresses in the middle of a call; undefined for anything else. */
export function explainEndpoint(error: Error): string | undefined {
  if (error instanceof EndpointError) return error.message;
  if (error.name === 'UnknownOperationException')
    return 'What answers at --connect-url is not Amazon Connect. npm start prints the addresses that it has.';
  const codes = [error, error.cause].map((one) => (one as NodeJS.ErrnoException | undefined)?.code);
  return codes.some((code) => code !== undefined && BROKEN.has(code))
    ? 'The connection broke in the middle of the call. Is npm start still running?'
    : undefined;
}
