import { readEnv } from '@switchboard/core/platform/env';
import { ConfigurationError } from '@switchboard/core/platform/errors';
import type { Command } from 'commander';
import { isUrl } from './options.ts';

interface SettingDefinition {
  value: string;
  /** The environment variable that the option overrides. */
  variable: string;
  description: string;
  /** The value of `npm start`. */
  local: string;
}

/** Every setting that names a deployment. The option of `contactsTable` is `--contacts-table`. */
export const DEPLOYMENT_SETTINGS = {
  dynamodbEndpoint: {
    value: 'url',
    variable: 'AWS_ENDPOINT_URL_DYNAMODB',
    description: 'endpoint of DynamoDB',
    local: 'http://127.0.0.1:8000',
  },
  kmsEndpoint: {
    value: 'url',
    variable: 'AWS_ENDPOINT_URL_KMS',
    description: 'endpoint of KMS',
    local: 'http://127.0.0.1:3002',
  },
  connectEndpoint: {
    value: 'url',
    variable: 'AWS_ENDPOINT_URL_CONNECT',
    description: 'endpoint of Amazon Connect',
    local: 'http://127.0.0.1:3002',
  },
  region: { value: 'name', variable: 'AWS_REGION', description: 'Region', local: 'eu-central-1' },
  contactsTable: {
    value: 'name',
    variable: 'CONTACTS_TABLE',
    description: 'output ContactsTableName of the stack',
    local: 'ContactsTable',
  },
  lookupTable: {
    value: 'name',
    variable: 'LOOKUP_TABLE',
    description: 'output LookupTableName of the stack',
    local: 'LookupTable',
  },
  messagesTable: {
    value: 'name',
    variable: 'MESSAGES_TABLE',
    description: 'output MessagesTableName of the stack',
    local: 'MessagesTable',
  },
  directoryTable: {
    value: 'name',
    variable: 'DIRECTORY_TABLE',
    description: 'output DirectoryTableName of the stack',
    local: 'DirectoryTable',
  },
  rootKey: {
    value: 'arn',
    variable: 'ROOT_KEY_ARN',
    description: 'output RootKeyArn of the stack',
    local: 'arn:aws:kms:eu-central-1:111122223333:key/00000000-0000-4000-8000-526f6f744b65',
  },
  organization: {
    value: 'name',
    variable: 'ORGANIZATION',
    description: 'parameter Organization of the stack',
    local: 'main',
  },
  keyVersions: {
    value: 'list',
    variable: 'KEY_VERSIONS',
    description: 'parameter KeyVersions of the stack, such as 2,1: the version that writes comes first',
    local: '1',
  },
  country: {
    value: 'code',
    variable: 'DEFAULT_COUNTRY',
    description: 'country of numbers without a country code',
    local: 'US',
  },
  instance: {
    value: 'arn',
    variable: 'CONNECT_INSTANCE_ARN',
    description: 'ARN of the Connect instance',
    local: 'arn:aws:connect:eu-central-1:111122223333:instance/10ca1000-5017-4b0a-8d00-000000000001',
  },
  stack: { value: 'name', variable: 'STACK_NAME', description: 'name of the stack', local: 'switchboard' },
} as const satisfies Record<string, SettingDefinition>;

export type DeploymentSetting = keyof typeof DEPLOYMENT_SETTINGS;

/** The deployment options of a command line, as commander names them. */
export type DeploymentOptions = { readonly [Setting in DeploymentSetting]?: string };

const ENDPOINTS = ['dynamodbEndpoint', 'kmsEndpoint', 'connectEndpoint'] as const;

/** The SDK needs some credentials. The local stack accepts any. */
const LOCAL_CREDENTIALS = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };

const HELP = `
In parentheses: the environment variable that the option overrides, and the default for npm start on this machine.
For a stack on AWS, there are no defaults: set --region, and the other options that the command needs.`;

/** Adds the options that name a deployment. */
export function addDeploymentOptions(command: Command, settings: readonly DeploymentSetting[]): void {
  command.optionsGroup('Deployment:');
  for (const setting of settings) {
    const { value, variable, description, local } = DEPLOYMENT_SETTINGS[setting];
    const shown = local.length > 40 ? 'that of npm start' : local;
    command.option(`${flagOf(setting)} <${value}>`, `${description} (${variable}; ${shown})`);
  }
  command.addHelpText('after', HELP);
}

/**
 * Puts the deployment that the command line names into the environment, as a function has it. The order is option,
 * environment variable, value of `npm start`. The last one applies only if the endpoint of DynamoDB is on this
 * machine, because a command must never write into a real table with guessed settings. `--region` without an endpoint
 * means AWS.
 *
 * @param required the settings that the command cannot do without
 * @throws {ConfigurationError} lists every setting that is missing or malformed
 */
export function resolveDeployment<Required extends DeploymentSetting>(
  options: DeploymentOptions,
  required: readonly Required[],
): Record<Required, string> {
  resolveEnvironment(options);
  const faults = [
    ...ENDPOINTS.flatMap((setting) => {
      const url = process.env[DEPLOYMENT_SETTINGS[setting].variable];
      return !url || isUrl(url) ? [] : [`${labelOf(setting)} must be a URL such as http://127.0.0.1:8000`];
    }),
    ...[...new Set<DeploymentSetting>(['region', ...required])].flatMap(faultOf),
  ];
  if (faults.length > 0) {
    throw new ConfigurationError(
      'CONFIGURATION',
      `The deployment is not fully specified:\n${faults.map((fault) => `  ${fault}`).join('\n')}\n` +
        'Set each one by its option or environment variable. Without --dynamodb-endpoint and --region, the command uses npm start on this machine.',
    );
  }
  return Object.fromEntries(required.map((setting) => [setting, settingValue(setting)])) as Record<
    Required,
    string
  >;
}

function resolveEnvironment(options: DeploymentOptions): void {
  const settings = Object.keys(DEPLOYMENT_SETTINGS) as DeploymentSetting[];
  for (const setting of settings) {
    const value = options[setting];
    if (value !== undefined) process.env[DEPLOYMENT_SETTINGS[setting].variable] = value;
  }
  const endpoint = settingValue('dynamodbEndpoint');
  const local = endpoint === '' ? options.region === undefined : isLocal(endpoint);
  if (local) {
    for (const setting of settings) {
      process.env[DEPLOYMENT_SETTINGS[setting].variable] ||= DEPLOYMENT_SETTINGS[setting].local;
    }
    for (const [name, value] of Object.entries(LOCAL_CREDENTIALS)) process.env[name] ||= value;
  }
  process.env.AWS_REGION ||= regionOf(endpoint) ?? '';
}

/** Whether an endpoint is on this machine. */
export function isLocal(endpoint: string): boolean {
  return URL.canParse(endpoint) && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(endpoint).hostname);
}

function regionOf(endpoint: string): string | undefined {
  return /^https:\/\/dynamodb(?:-fips)?\.([a-z0-9-]+)\.amazonaws\./.exec(endpoint)?.[1];
}

/** The rules of the functions' own settings apply here, too. */
function faultOf(setting: DeploymentSetting): string[] {
  const { variable } = DEPLOYMENT_SETTINGS[setting];
  if (variable === 'AWS_REGION' || variable === 'STACK_NAME' || isEndpoint(variable)) {
    return settingValue(setting) === '' ? [`${labelOf(setting)} is missing`] : [];
  }
  try {
    readEnv(variable);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const [, fault = error.message] = new RegExp(`: ${variable} (.*)\\.$`).exec(error.message) ?? [];
    return [`${labelOf(setting)} ${fault}`];
  }
}

type EndpointVariable = (typeof DEPLOYMENT_SETTINGS)[(typeof ENDPOINTS)[number]]['variable'];

function isEndpoint(variable: string): variable is EndpointVariable {
  return variable.startsWith('AWS_ENDPOINT_URL_');
}

function settingValue(setting: DeploymentSetting): string {
  return process.env[DEPLOYMENT_SETTINGS[setting].variable] ?? '';
}

/** `--contacts-table` */
function flagOf(setting: string): string {
  return `--${setting.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** `--contacts-table (CONTACTS_TABLE)` */
function labelOf(setting: DeploymentSetting): string {
  return `${flagOf(setting)} (${DEPLOYMENT_SETTINGS[setting].variable})`;
}
