import { UsageError } from './options.ts';

/**
 * Looks at DYNAMODB_ENDPOINT before anything is started.
 *
 * @throws {UsageError}
 */
export function checkDynamodbEndpoint(endpoint: string | undefined): void {
  if (endpoint === undefined) return;
  if (URL.canParse(endpoint) && /^https?:\/\//.test(endpoint)) return;
  throw new UsageError(
    `DYNAMODB_ENDPOINT=${endpoint} is not a URL. Set one such as http://127.0.0.1:8000, or unset it: ` +
      'then the embedded engine is used.',
  );
}

/**
 * The first use of the engine that DYNAMODB_ENDPOINT names; that of the embedded one has nothing to do with the
 * variable.
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
      `The DynamoDB at DYNAMODB_ENDPOINT=${endpoint} cannot be used: ${message || name}. Start DynamoDB Local there ` +
        '(docker run -p 8000:8000 amazon/dynamodb-local), set another address, or unset DYNAMODB_ENDPOINT: ' +
        'then the embedded engine is used.',
    );
  }
}
