import { defaultProvider } from '#tools/build/environment-credentials.ts';

afterEach(() => {
  delete process.env.AWS_SESSION_TOKEN;
  process.env.AWS_ACCESS_KEY_ID = 'test';
});

test('the layer takes its credentials from the environment, as they are at each use', async () => {
  const credentials = defaultProvider();
  await expect(credentials()).resolves.toEqual({ accessKeyId: 'test', secretAccessKey: 'test' });

  process.env.AWS_SESSION_TOKEN = 'rotated';
  await expect(credentials()).resolves.toMatchObject({ sessionToken: 'rotated' });
});

test('missing credentials are named', async () => {
  delete process.env.AWS_ACCESS_KEY_ID;

  await expect(defaultProvider()()).rejects.toThrow('AWS_ACCESS_KEY_ID');
});
