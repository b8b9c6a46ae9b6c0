import { UsageError } from './options.ts';

/**
 * Checks DYNAMODB_ENDPOINT before anything starts.
 *
 * @throws {UsageError}
 */
export function checkDynamodbEndpoint(endpoint: string | undefined): void {
  if (endpoint === undefined) return;
  if (URL.canParse(endpoint) && /^https?:\/\//.test(endpoint)) return;
  throw new UsageError(
    `DYNAMODB_ENDPOINT=${endpoint} is not a URL. Set a URL such as http://127.0.0.1:8000, ` +
      'or unset the variable to use the embedded engine.',
  );
}

/**
 * Runs the first request to DynamoDB, and explains a failure of the endpoint that DYNAMODB_ENDPOINT sets.
 *
 * @throws {UsageError} when it fails
 */
export async function withEndpointHint<T>(endpoint: string | undefined, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    if (endpoint === undefined) throw error;
    const { name, message } = error as Error;
    // Some errors of the network have no message.
    throw new UsageError(
      `DynamoDB at DYNAMODB_ENDPOINT=${endpoint} does not respond: ${message || name}. Start DynamoDB Local there ` +
        '(docker run -p 8000:8000 amazon/dynamodb-local), set another URL, or unset DYNAMODB_ENDPOINT ' +
        'to use the embedded engine.',
    );
  }
}
