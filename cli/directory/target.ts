import { type Directory, openDirectory } from '@switchboard/core/directory/sync';
import { ConfigurationError } from '@switchboard/core/platform/errors';
import type { TargetFlags } from './flags.ts';

const VARIABLES = { endpoint: 'AWS_ENDPOINT_URL_DYNAMODB', region: 'AWS_REGION', table: 'DIRECTORY_TABLE' };

/** What `npm start` runs with. */
const LOCAL: Record<string, string> = {
  AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:8000',
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  DIRECTORY_TABLE: 'DirectoryTable',
};

/**
 * Opens the directory that is meant: a flag wins over the environment, and what is still open gets the values of
 * `npm start` when the endpoint is on this machine.
 *
 * @throws {ConfigurationError} lists everything that is missing or wrong
 */
export function openTarget(flags: TargetFlags, environment = process.env): Directory {
  for (const [flag, name] of Object.entries(VARIABLES)) {
    const value = flags[flag as keyof TargetFlags];
    if (value !== undefined) environment[name] = value;
  }
  const endpoint = environment.AWS_ENDPOINT_URL_DYNAMODB;
  if (endpoint && !/^https?:\/\/[^/]/.test(endpoint)) {
    throw new ConfigurationError('CONFIGURATION', '--endpoint must be a URL such as http://127.0.0.1:8000.');
  }
  if (endpoint ? isLocal(endpoint) : flags.region === undefined) {
    for (const [name, value] of Object.entries(LOCAL)) environment[name] ||= value;
  }
  const faults = [
    ...(environment.AWS_REGION ? [] : ['--region (AWS_REGION) is missing']),
    ...(environment.DIRECTORY_TABLE ? [] : ['--table (DIRECTORY_TABLE) is missing']),
  ];
  if (faults.length > 0) {
    throw new ConfigurationError(
      'CONFIGURATION',
      `The target is not set up: ${faults.join('; ')}. Without --endpoint and --region the machine of npm start is meant.`,
    );
  }
  return openDirectory(environment.DIRECTORY_TABLE ?? '');
}

function isLocal(endpoint: string): boolean {
  return URL.canParse(endpoint) && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(endpoint).hostname);
}
