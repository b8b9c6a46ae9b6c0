import {
  DEPLOYMENT_SETTINGS,
  type DeploymentOptions,
  type DeploymentSetting,
  isLocal,
  resolveDeployment,
} from '#tools/cli/deployment.ts';
import { CONNECT_INSTANCE_ARN } from '#tools/local/template/index.ts';
import { resolveAttribute } from '#tools/local/template/names.ts';

const before = process.env;
const ALL = Object.keys(DEPLOYMENT_SETTINGS) as DeploymentSetting[];

beforeEach(() => {
  process.env = { PATH: before.PATH };
});
afterEach(() => {
  process.env = before;
});

const DEPLOYED: DeploymentOptions = {
  contactsTable: 'contacts-1',
  lookupTable: 'lookup-1',
  rootKey: 'arn:aws:kms:eu-west-1:111122223333:key/1',
  organization: 'acme',
  keyVersions: '2,1',
  country: 'DE',
};

test('without options, the deployment is npm start on this machine', () => {
  const deployment = resolveDeployment({}, ALL);

  for (const setting of ALL) expect(deployment[setting]).toBe(DEPLOYMENT_SETTINGS[setting].local);
  expect(process.env).toMatchObject({
    AWS_ENDPOINT_URL_KMS: 'http://127.0.0.1:3002',
    AWS_ACCESS_KEY_ID: 'local',
  });
  expect(resolveDeployment({ dynamodbEndpoint: 'http://localhost:9' }, ['contactsTable'])).toEqual({
    contactsTable: 'ContactsTable',
  });
});

test('the key and the instance are those of npm start', () => {
  const resources = { RootKey: { Type: 'AWS::KMS::Key' } };

  expect(DEPLOYMENT_SETTINGS.rootKey.local).toBe(resolveAttribute(resources, {}, 'RootKey', 'Arn'));
  expect(DEPLOYMENT_SETTINGS.instance.local).toBe(CONNECT_INSTANCE_ARN);
});

test('an option overrides the environment, and the environment overrides npm start', () => {
  Object.assign(process.env, { CONTACTS_TABLE: 'from-environment', LOOKUP_TABLE: 'from-environment' });

  expect(
    resolveDeployment({ contactsTable: 'from-option' }, ['contactsTable', 'lookupTable', 'organization']),
  ).toEqual({ contactsTable: 'from-option', lookupTable: 'from-environment', organization: 'main' });
});

test('a Region without an endpoint means AWS, without local endpoints or credentials', () => {
  resolveDeployment({ ...DEPLOYED, region: 'eu-west-1' }, ['contactsTable', 'keyVersions']);

  expect(process.env).toMatchObject({
    CONTACTS_TABLE: 'contacts-1',
    KEY_VERSIONS: '2,1',
    AWS_REGION: 'eu-west-1',
  });
  for (const name of [
    'AWS_ENDPOINT_URL_DYNAMODB',
    'AWS_ENDPOINT_URL_KMS',
    'AWS_ACCESS_KEY_ID',
    'STACK_NAME',
  ]) {
    expect(process.env[name]).toBeUndefined();
  }
});

test('an endpoint of AWS gives the Region', () => {
  resolveDeployment({ ...DEPLOYED, dynamodbEndpoint: 'https://dynamodb.us-east-2.amazonaws.com' }, []);

  expect(process.env.AWS_REGION).toBe('us-east-2');
});

test('no setting of a real deployment is guessed, and the error lists every one that is missing or malformed', () => {
  const options = {
    dynamodbEndpoint: 'https://db.example.com',
    kmsEndpoint: 'nowhere',
    connectEndpoint: 'http://',
    country: 'Germany',
    contactsTable: 'T',
    instance: '10ca',
  };
  const resolve = () => resolveDeployment(options, ALL);

  for (const fault of [
    '--kms-endpoint (AWS_ENDPOINT_URL_KMS) must be a URL',
    '--connect-endpoint (AWS_ENDPOINT_URL_CONNECT) must be a URL',
    '--region (AWS_REGION) is missing',
    '--lookup-table (LOOKUP_TABLE) is missing',
    '--directory-table (DIRECTORY_TABLE) is missing',
    '--root-key (ROOT_KEY_ARN) is missing',
    '--organization (ORGANIZATION) is missing',
    '--key-versions (KEY_VERSIONS) is missing',
    '--country (DEFAULT_COUNTRY) must be two capital letters',
    '--instance (CONNECT_INSTANCE_ARN) must be the ARN',
    '--stack (STACK_NAME) is missing',
  ]) {
    expect(resolve).toThrow(fault);
  }
  expect(resolve).not.toThrow('--contacts-table');
});

test('only what the command needs is required', () => {
  expect(resolveDeployment({ region: 'eu-west-1', directoryTable: 'T' }, ['directoryTable'])).toEqual({
    directoryTable: 'T',
  });
});

test.each([
  ['http://127.0.0.1:8000', true],
  ['http://[::1]:8000', true],
  ['https://localhost.example.com', false],
  ['localhost:8000', false],
])('%s is on this machine: %s', (endpoint, local) => {
  expect(isLocal(endpoint)).toBe(local);
});
