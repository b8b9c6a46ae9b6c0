import { readEnv } from '@switchboard/core/platform/env';
import { ConfigurationError } from '@switchboard/core/platform/errors';
import { settleEnvironment } from '#tools/cli/shared/target.ts';

/** The flags that say which deployment is meant, and the environment variable each stands for. */
export const TARGET_FLAGS = {
  endpoint: 'AWS_ENDPOINT_URL_DYNAMODB',
  'kms-endpoint': 'AWS_ENDPOINT_URL_KMS',
  region: 'AWS_REGION',
  table: 'CONTACTS_TABLE',
  'lookup-table': 'LOOKUP_TABLE',
  'messages-table': 'MESSAGES_TABLE',
  'root-key': 'ROOT_KEY_ARN',
  organization: 'ORGANIZATION',
  'key-versions': 'KEY_VERSIONS',
  country: 'DEFAULT_COUNTRY',
} as const;

export type TargetFlags = { [Flag in keyof typeof TARGET_FLAGS]?: string | undefined };

/** What `npm start` runs with, for these tools. */
export const LOCAL_TARGET: Record<string, string> = {
  AWS_ENDPOINT_URL_KMS: 'http://127.0.0.1:3002',
  CONTACTS_TABLE: 'ContactsTable',
  LOOKUP_TABLE: 'LookupTable',
  MESSAGES_TABLE: 'MessagesTable',
  ROOT_KEY_ARN: 'arn:aws:kms:eu-central-1:111122223333:key/00000000-0000-4000-8000-526f6f744b65',
  ORGANIZATION: 'main',
  KEY_VERSIONS: '1',
  DEFAULT_COUNTRY: 'US',
};

const SETTINGS = [
  'CONTACTS_TABLE',
  'LOOKUP_TABLE',
  'ROOT_KEY_ARN',
  'ORGANIZATION',
  'KEY_VERSIONS',
  'DEFAULT_COUNTRY',
] as const;

type Setting = (typeof SETTINGS)[number] | 'MESSAGES_TABLE';

/**
 * Settles which deployment is meant, see `settleEnvironment`. The environment then says it all, as in a function.
 *
 * @param more what this command needs beside what all of them do
 * @throws {ConfigurationError} lists every missing or malformed setting at once
 */
export function settleTarget(flags: TargetFlags, more: Setting[] = []) {
  const environment = process.env;
  settleEnvironment(environment, flags, TARGET_FLAGS, LOCAL_TARGET);
  environment.AWS_REGION ||= regionOf(environment.AWS_ENDPOINT_URL_DYNAMODB) ?? '';
  const faults = [...endpointFaults(), ...regionFaults(), ...settingFaults([...SETTINGS, ...more])];
  if (faults.length > 0) {
    throw new ConfigurationError(
      'CONFIGURATION',
      `The target is not set up:\n${faults.map((fault) => `  ${fault}`).join('\n')}\n` +
        'A setting is given by its flag or by the environment variable. Without --endpoint and --region the machine of npm start is meant.',
    );
  }
  return readEnv(...SETTINGS);
}

function regionOf(endpoint: string | undefined): string | undefined {
  return /^https:\/\/dynamodb(?:-fips)?\.([a-z0-9-]+)\.amazonaws\./.exec(endpoint ?? '')?.[1];
}

function endpointFaults(): string[] {
  return (['endpoint', 'kms-endpoint'] as const).flatMap((flag) => {
    const value = process.env[TARGET_FLAGS[flag]];
    if (!value || (/^https?:\/\//.test(value) && URL.canParse(value))) return [];
    return [`${named(TARGET_FLAGS[flag])} must be a URL such as http://127.0.0.1:8000`];
  });
}

function regionFaults(): string[] {
  return process.env.AWS_REGION ? [] : [`${named('AWS_REGION')} is missing: the region of the deployment`];
}

function settingFaults(names: readonly Setting[]): string[] {
  return names.flatMap((name) => {
    try {
      readEnv(name);
      return [];
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      const [, fault = error.message] = new RegExp(`: ${name} (.*)\\.$`).exec(error.message) ?? [];
      return [`${named(name)} ${fault}`];
    }
  });
}

/** `--table (CONTACTS_TABLE)` */
function named(variable: string): string {
  const flag = Object.entries(TARGET_FLAGS).find(([, name]) => name === variable)?.[0];
  return `--${flag} (${variable})`;
}
