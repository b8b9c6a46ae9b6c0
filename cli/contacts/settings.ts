import { readEnv } from '@switchboard/core/platform/env';
import { ConfigurationError } from '@switchboard/core/platform/errors';

/** The flags that say which deployment is meant, and the environment variable each stands for. */
export const TARGET_FLAGS = {
  endpoint: 'AWS_ENDPOINT_URL_DYNAMODB',
  'kms-endpoint': 'AWS_ENDPOINT_URL_KMS',
  region: 'AWS_REGION',
  table: 'CONTACTS_TABLE',
  'lookup-table': 'LOOKUP_TABLE',
  'root-key': 'ROOT_KEY_ARN',
  organisation: 'ORGANISATION',
  'key-versions': 'KEY_VERSIONS',
  country: 'DEFAULT_COUNTRY',
} as const;

export type TargetFlags = { [Flag in keyof typeof TARGET_FLAGS]?: string | undefined };

/** What `npm start` runs with. */
export const LOCAL_TARGET: Record<string, string> = {
  AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:8000',
  AWS_ENDPOINT_URL_KMS: 'http://127.0.0.1:3002',
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  CONTACTS_TABLE: 'ContactsTable',
  LOOKUP_TABLE: 'LookupTable',
  ROOT_KEY_ARN: 'arn:aws:kms:eu-central-1:111122223333:key/00000000-0000-4000-8000-526f6f744b65',
  ORGANISATION: 'main',
  KEY_VERSIONS: '1',
  DEFAULT_COUNTRY: 'US',
};

const SETTINGS = [
  'CONTACTS_TABLE',
  'LOOKUP_TABLE',
  'ROOT_KEY_ARN',
  'ORGANISATION',
  'KEY_VERSIONS',
  'DEFAULT_COUNTRY',
] as const;

/**
 * Settles which deployment is meant: a flag wins over the environment, and what is still open gets the values
 * of `npm start`, but only when the endpoint is on this machine; nobody must write into a real table with keys
 * that were guessed. The environment then says it all, as in a function.
 *
 * @throws {ConfigurationError} lists every missing or malformed setting at once
 */
export function settleTarget(flags: TargetFlags) {
  const environment = process.env;
  for (const [flag, name] of Object.entries(TARGET_FLAGS)) {
    const value = flags[flag as keyof TargetFlags];
    if (value !== undefined) environment[name] = value;
  }
  if (isThisMachine(flags)) {
    for (const [name, value] of Object.entries(LOCAL_TARGET)) environment[name] ||= value;
  } else {
    environment.AWS_REGION ||= regionOf(environment.AWS_ENDPOINT_URL_DYNAMODB) ?? '';
  }
  const faults = [...endpointFaults(), ...regionFaults(), ...settingFaults()];
  if (faults.length > 0) {
    throw new ConfigurationError(
      'CONFIGURATION',
      `The target is not set up:\n${faults.map((fault) => `  ${fault}`).join('\n')}\n` +
        'A setting is given by its flag or by the environment variable. Without --endpoint and --region the machine of npm start is meant.',
    );
  }
  return readEnv(...SETTINGS);
}

/** A region given as a flag, without an endpoint, means AWS itself. */
function isThisMachine(flags: TargetFlags): boolean {
  const endpoint = process.env.AWS_ENDPOINT_URL_DYNAMODB;
  return endpoint ? isLocal(endpoint) : flags.region === undefined;
}

/** Whether an endpoint is on this machine. */
export function isLocal(endpoint: string): boolean {
  return URL.canParse(endpoint) && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(endpoint).hostname);
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

function settingFaults(): string[] {
  return SETTINGS.flatMap((name) => {
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
