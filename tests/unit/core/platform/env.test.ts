import { readEnv, settings } from '#core/platform/env.ts';
import { ConfigurationError } from '#core/platform/errors.ts';

const GOOD = {
  CONTACTS_TABLE: 'Contacts',
  ORGANIZATION: 'main',
  DEFAULT_COUNTRY: 'US',
  KEY_VERSIONS: '2,1',
  CONNECT_INSTANCE_ARN:
    'arn:aws:connect:eu-central-1:111122223333:instance/aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
  EXTENSION_RANGE: '1000-4999',
  QUARANTINE_DAYS: '30',
} as const;

const faultsOf = (...names: (keyof typeof settings)[]) => {
  try {
    readEnv(...names);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  return '';
};

beforeEach(() => {
  for (const name of Object.keys(settings)) delete process.env[name];
  Object.assign(process.env, GOOD);
});

test('gives every setting that was asked for, parsed', () => {
  expect(readEnv('CONTACTS_TABLE', 'KEY_VERSIONS', 'QUARANTINE_DAYS')).toEqual({
    CONTACTS_TABLE: 'Contacts',
    KEY_VERSIONS: [2, 1],
    QUARANTINE_DAYS: 30,
  });
});

test('fills in what has a default', () => {
  expect(readEnv('LOOKUP_BUDGET_MS', 'EXPORT_BUCKET', 'AGENT_ACTIVITY', 'TIME_ZONE')).toEqual({
    LOOKUP_BUDGET_MS: 2000,
    EXPORT_BUCKET: '',
    AGENT_ACTIVITY: false,
    TIME_ZONE: 'UTC',
  });
});

test('lists every missing and malformed setting at once, by name', () => {
  delete process.env.CONTACTS_TABLE;
  process.env.DEFAULT_COUNTRY = 'Germany';
  process.env.QUARANTINE_DAYS = '-1';
  process.env.LOOKUP_BUDGET_MS = '0';

  const faults = faultsOf('CONTACTS_TABLE', 'DEFAULT_COUNTRY', 'QUARANTINE_DAYS', 'LOOKUP_BUDGET_MS');

  for (const name of ['CONTACTS_TABLE', 'DEFAULT_COUNTRY', 'QUARANTINE_DAYS', 'LOOKUP_BUDGET_MS']) {
    expect(faults).toContain(name);
  }
});

test('does not repeat the malformed value, which may be a secret pasted into the wrong field', () => {
  process.env.ORGANIZATION = 'hunter2 is my password';

  expect(faultsOf('ORGANIZATION')).toContain('ORGANIZATION');
  expect(faultsOf('ORGANIZATION')).not.toContain('hunter2');
});

test.each([
  ['CONTACTS_TABLE', ''],
  ['CONTACTS_TABLE', '   '],
  ['ORGANIZATION', 'a b'],
  ['ORGANIZATION', 'x'.repeat(65)],
  ['DEFAULT_COUNTRY', 'us'],
  ['KEY_VERSIONS', '0'],
  ['KEY_VERSIONS', '1,'],
  ['KEY_VERSIONS', '1,1'],
  ['KEY_VERSIONS', '1,2,3,4,5'],
  ['CONNECT_INSTANCE_ARN', 'arn:aws:connect:eu-central-1:111122223333:instance/short'],
  ['QUARANTINE_DAYS', '3651'],
  ['QUARANTINE_DAYS', '1.5'],
  ['RESERVATION_MINUTES', '0'],
  ['RESERVATION_MINUTES', '1441'],
  ['RESERVATION_MINUTES', '1.5'],
  ['LOOKUP_BUDGET_MS', '2s'],
  ['AGENT_ACTIVITY', 'yes'],
  ['AGENT_HISTORY_DAYS', '3651'],
  ['AGENT_HISTORY_DAYS', ''],
  ['TIME_ZONE', 'Europe/Atlantis'],
  ['TIME_ZONE', ''],
] as const)('%s refuses %j', (name, value) => {
  process.env[name] = value;

  expect(faultsOf(name)).toContain(name);
});

test.each([
  ['KEY_VERSIONS', '1'],
  ['KEY_VERSIONS', '9999,1,2,3'],
  ['QUARANTINE_DAYS', '0'],
  ['QUARANTINE_DAYS', '3650'],
  ['RESERVATION_MINUTES', '1'],
  ['RESERVATION_MINUTES', '1440'],
  ['LOOKUP_BUDGET_MS', '1'],
  ['AGENT_ACTIVITY', 'on'],
  ['AGENT_HISTORY_DAYS', '0'],
  ['TIME_ZONE', 'UTC'],
  ['TIME_ZONE', 'America/New_York'],
  // A second name, which no list of Intl's has.
  ['TIME_ZONE', 'US/Eastern'],
  [
    'CONNECT_INSTANCE_ARN',
    'arn:aws-us-gov:connect:us-gov-west-1:111122223333:instance/aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
  ],
] as const)('%s takes %j', (name, value) => {
  process.env[name] = value;

  expect(faultsOf(name)).toBe('');
});
