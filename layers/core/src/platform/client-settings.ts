/**
 * The settings that every AWS client shares. The SDK finds the credentials; in the layer its chain of providers is
 * the environment alone (tools/build/environment-credentials.ts). The SDK has no time limit for an answer, so each
 * request ends after `requestTimeout` milliseconds.
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
