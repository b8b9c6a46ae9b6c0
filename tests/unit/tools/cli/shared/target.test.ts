import { isLocal, settleEnvironment } from '#tools/cli/shared/target.ts';

function settle(environment: NodeJS.ProcessEnv, flags: Record<string, string>) {
  const variables = { endpoint: 'AWS_ENDPOINT_URL_DYNAMODB', region: 'AWS_REGION', table: 'TABLE' };
  settleEnvironment(environment, flags, variables, { TABLE: 'LocalTable' });
  return environment;
}

test('what is open gets the values of npm start on this machine only', () => {
  expect(settle({}, {})).toMatchObject({
    AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:8000',
    TABLE: 'LocalTable',
  });
  expect(settle({}, { endpoint: 'http://localhost:9' })).toMatchObject({ TABLE: 'LocalTable' });
  expect(settle({}, { region: 'eu-west-1' })).toEqual({ AWS_REGION: 'eu-west-1' });
  expect(settle({ AWS_ENDPOINT_URL_DYNAMODB: 'https://db.example.com' }, {}).TABLE).toBeUndefined();
});

test('a flag wins over the environment, and the environment over the values of npm start', () => {
  expect(settle({ TABLE: 'mine' }, {}).TABLE).toBe('mine');
  expect(settle({ TABLE: 'mine' }, { table: 'flag' }).TABLE).toBe('flag');
});

test.each([
  ['http://127.0.0.1:8000', true],
  ['http://[::1]:8000', true],
  ['https://localhost.example.com', false],
  ['localhost:8000', false],
])('%s is on this machine: %s', (endpoint, local) => {
  expect(isLocal(endpoint)).toBe(local);
});
