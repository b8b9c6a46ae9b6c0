import { createDirectory, type Directory } from '@switchboard/core/agent-sync';
import { type DeploymentOptions, type DeploymentSetting, resolveDeployment } from '#tools/cli/deployment.ts';

/** The deployment options of every command for the directory. */
export const DIRECTORY_SETTINGS = [
  'dynamodbEndpoint',
  'region',
  'directoryTable',
] as const satisfies readonly DeploymentSetting[];

/** @throws {ConfigurationError} lists every setting that is missing or malformed */
export function directoryFrom(options: DeploymentOptions): Directory {
  return createDirectory(resolveDeployment(options, ['directoryTable']).directoryTable);
}
