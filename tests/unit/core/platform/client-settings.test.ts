import { clientSettings } from '#core/platform/client-settings.ts';
import { documentClient } from '#core/platform/dynamodb/client.ts';

afterEach(() => {
  delete process.env.AWS_ENDPOINT_URL_KMS;
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
