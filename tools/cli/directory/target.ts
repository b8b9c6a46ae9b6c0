import { createDirectory, type Directory } from '@switchboard/core/agent-sync';
import { ConfigurationError } from '@switchboard/core/platform/errors';
import { settleEnvironment } from '#tools/cli/shared/target.ts';
import type { TargetFlags } from './flags.ts';

const VARIABLES = { endpoint: 'AWS_ENDPOINT_URL_DYNAMODB', region: 'AWS_REGION', table: 'DIRECTORY_TABLE' };

/**
 * Opens the directory that is meant, see `settleEnvironment`.
 *
 * @throws {ConfigurationError} lists everything that is missing or wrong
 */
export function openTarget(flags: TargetFlags, environment = process.env): Directory {
  settleEnvironment(environment, { ...flags }, VARIABLES, { DIRECTORY_TABLE: 'DirectoryTable' });
  const endpoint = environment.AWS_ENDPOINT_URL_DYNAMODB;
  if (endpoint && !/^https?:\/\/[^/]/.test(endpoint)) {
    throw new ConfigurationError('CONFIGURATION', '--endpoint must be a URL such as http://127.0.0.1:8000.');
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
  return createDirectory(environment.DIRECTORY_TABLE ?? '');
}
