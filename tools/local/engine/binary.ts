import { createRequire } from 'node:module';
import { join } from 'node:path';

/** What to do on a machine where the embedded engine does not run. */
export const ANOTHER_ENGINE =
  'Start DynamoDB Local (docker run -p 8000:8000 amazon/dynamodb-local, or the Java archive) and set ' +
  'DYNAMODB_ENDPOINT=http://127.0.0.1:8000.';

/**
 * The embedded DynamoDB engine for this machine, an optional dependency.
 *
 * @throws when there is none; the message says what to set instead
 */
export function engineBinary(root: string, platform = `${process.platform}-${process.arch}`): string {
  try {
    return createRequire(join(root, 'package.json')).resolve(`@dynoxide/${platform}/dynoxide`);
  } catch (cause) {
    throw new Error(
      `There is no embedded DynamoDB engine for this machine (${platform}). ${ANOTHER_ENGINE}`,
      { cause },
    );
  }
}
