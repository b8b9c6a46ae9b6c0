import { LOCAL_TARGET, settleTarget } from '#tools/cli/contacts/settings.ts';
import { resolveAttribute } from '#tools/local/template/names.ts';

const before = process.env;

beforeEach(() => {
  process.env = { PATH: before.PATH };
});
afterEach(() => {
  process.env = before;
});

const DEPLOYED = {
  table: 'contacts-1',
  'lookup-table': 'lookup-1',
  'root-key': 'arn:aws:kms:eu-west-1:111122223333:key/1',
  organization: 'acme',
  'key-versions': '2,1',
  country: 'DE',
};

describe('settling which deployment is meant', () => {
  it('means the machine of npm start when nothing is said', () => {
    expect(settleTarget({})).toMatchObject({ CONTACTS_TABLE: 'ContactsTable', KEY_VERSIONS: [1] });
    expect(process.env.AWS_ENDPOINT_URL_KMS).toBe('http://127.0.0.1:3002');
  });

  it('knows the key of npm start', () => {
    const resources = { RootKey: { Type: 'AWS::KMS::Key' } };

    expect(resolveAttribute(resources, {}, 'RootKey', 'Arn')).toBe(LOCAL_TARGET.ROOT_KEY_ARN);
  });

  it('takes flags before the environment, and the environment before what it knows itself', () => {
    Object.assign(process.env, { CONTACTS_TABLE: 'from-environment', LOOKUP_TABLE: 'from-environment' });

    expect(settleTarget({ table: 'from-flag' })).toMatchObject({
      CONTACTS_TABLE: 'from-flag',
      LOOKUP_TABLE: 'from-environment',
      ORGANIZATION: 'main',
    });
  });

  it('goes to AWS when a region is given, without endpoints or credentials of its own', () => {
    expect(settleTarget({ ...DEPLOYED, region: 'eu-west-1' })).toMatchObject({ KEY_VERSIONS: [2, 1] });
    expect(process.env.AWS_ENDPOINT_URL_DYNAMODB).toBeUndefined();
    expect(process.env.AWS_ENDPOINT_URL_KMS).toBeUndefined();
    expect(process.env.AWS_ACCESS_KEY_ID).toBeUndefined();
  });

  it('reads the region from an endpoint of AWS', () => {
    settleTarget({ ...DEPLOYED, endpoint: 'https://dynamodb.us-east-2.amazonaws.com' });

    expect(process.env.AWS_REGION).toBe('us-east-2');
  });

  it('never guesses a setting of a real deployment, and lists all that is missing or malformed', () => {
    const settle = () =>
      settleTarget({
        endpoint: 'https://db.example.com',
        'kms-endpoint': 'nowhere',
        country: 'Germany',
        table: 'T',
      });

    expect(settle).toThrow('--kms-endpoint (AWS_ENDPOINT_URL_KMS) must be a URL');
    expect(settle).toThrow('--region (AWS_REGION) is missing');
    expect(settle).toThrow('--lookup-table (LOOKUP_TABLE) is missing');
    expect(settle).toThrow('--root-key (ROOT_KEY_ARN) is missing');
    expect(settle).toThrow('--organization (ORGANIZATION) is missing');
    expect(settle).toThrow('--key-versions (KEY_VERSIONS) is missing');
    expect(settle).toThrow('--country (DEFAULT_COUNTRY) must be two capital letters');
    expect(settle).not.toThrow('--table');
  });
});
