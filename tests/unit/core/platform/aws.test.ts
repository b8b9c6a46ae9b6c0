import { clientSettings, documentClient } from '../../../../layers/core/src/platform/aws.ts';

afterEach(() => {
  delete process.env.AWS_ENDPOINT_URL_KMS;
  delete process.env.AWS_LAMBDA_FUNCTION_NAME;
  delete process.env.AWS_SESSION_TOKEN;
});

test('there is one client for each number of attempts', async () => {
  expect(documentClient(1)).toBe(documentClient(1));
  expect(documentClient()).not.toBe(documentClient(1));
  await expect(documentClient(1).config.maxAttempts()).resolves.toBe(1);
});

test('each service has its own endpoint', () => {
  process.env.AWS_ENDPOINT_URL_KMS = 'http://127.0.0.1:3002';

  expect(clientSettings('KMS')).toMatchObject({ endpoint: 'http://127.0.0.1:3002' });
  expect(clientSettings('CONNECT')).not.toHaveProperty('endpoint');
});

test('inside Lambda the credentials come from the environment, as they are at each use', async () => {
  process.env.AWS_LAMBDA_FUNCTION_NAME = 'caller-lookup';
  const { credentials } = clientSettings('DYNAMODB');
  await expect(credentials?.()).resolves.toEqual({ accessKeyId: 'test', secretAccessKey: 'test' });

  process.env.AWS_SESSION_TOKEN = 'rotated';
  await expect(credentials?.()).resolves.toMatchObject({ sessionToken: 'rotated' });
});

test('elsewhere the usual chain of credentials is left alone', () => {
  expect(clientSettings('DYNAMODB')).not.toHaveProperty('credentials');
});
