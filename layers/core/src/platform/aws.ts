import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

const documentClients = new Map<number, DynamoDBDocumentClient>();

/**
 * The DynamoDB client of this process, one for each number of attempts. A caller with a policy of its own (see
 * `resilience`) takes one attempt; everybody else lets the SDK retry with backoff.
 */
export function documentClient(maxAttempts = 5): DynamoDBDocumentClient {
  let client = documentClients.get(maxAttempts);
  if (!client) {
    client = DynamoDBDocumentClient.from(new DynamoDBClient({ ...clientSettings('DYNAMODB'), maxAttempts }), {
      marshallOptions: { removeUndefinedValues: true },
    });
    documentClients.set(maxAttempts, client);
  }
  return client;
}

/**
 * What every AWS client of ours is made with. The credentials are left to the SDK; in the layer its chain of
 * providers is the environment alone (tools/build/environment-credentials.ts). The SDK would wait for an answer for
 * ever; we give a request up after `requestTimeout` milliseconds.
 */
export function clientSettings(
  service: 'DYNAMODB' | 'KMS' | 'CONNECT' | 'S3' | 'LAMBDA' | 'PINPOINT_SMS_VOICE_V2',
  requestTimeout = 3_000,
) {
  const endpoint = process.env[`AWS_ENDPOINT_URL_${service}`];
  return {
    ...(process.env.AWS_REGION ? { region: process.env.AWS_REGION } : {}),
    ...(endpoint ? { endpoint } : {}),
    requestHandler: { connectionTimeout: 1_000, requestTimeout, throwOnRequestTimeout: true },
  };
}
