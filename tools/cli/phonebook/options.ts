import { createDirectory, type Directory } from '@switchboard/core/phonebook';
import { isPhoneCountry, type PhoneCountry } from '@switchboard/core/platform/phone';
import { type DeploymentOptions, type DeploymentSetting, resolveDeployment } from '#tools/cli/deployment.ts';
import { UsageError } from '#tools/cli/errors.ts';

/** The deployment options of every command for the phonebook. */
export const PHONEBOOK_SETTINGS = [
  'dynamodbEndpoint',
  'connectEndpoint',
  'region',
  'directoryTable',
  'instance',
  'stack',
] as const satisfies readonly DeploymentSetting[];

/** @throws {ConfigurationError} lists every setting that is missing or malformed */
export function phonebookDirectory(options: DeploymentOptions): Directory {
  return createDirectory(resolveDeployment(options, ['directoryTable']).directoryTable);
}

/** Parses a country code, in upper or lower case. */
export function countryCode(text: string): PhoneCountry {
  const code = text.toUpperCase();
  if (isPhoneCountry(code)) return code;
  throw new UsageError('must be two letters, as in ISO 3166 (CA).');
}
