import {
  type ContactsDeployment,
  findUnknownKeyVersion,
  loadContactsDeployment,
} from '@switchboard/core/contacts/maintenance';
import { readEnv } from '@switchboard/core/platform/env';
import { ConfigurationError } from '@switchboard/core/platform/errors';
import { type DeploymentOptions, type DeploymentSetting, resolveDeployment } from '#tools/cli/deployment.ts';

/** The deployment options of every command for contacts. */
export const CONTACTS_SETTINGS = [
  'dynamodbEndpoint',
  'kmsEndpoint',
  'region',
  'contactsTable',
  'lookupTable',
  'messagesTable',
  'rootKey',
  'organization',
  'keyVersions',
  'country',
] as const satisfies readonly DeploymentSetting[];

const REQUIRED = [
  'contactsTable',
  'lookupTable',
  'rootKey',
  'organization',
  'keyVersions',
  'country',
] as const satisfies readonly DeploymentSetting[];

/** A deployment, and what identifies it. */
export interface ContactsTarget extends ContactsDeployment {
  endpoint: string;
  country: string;
}

/**
 * Opens the deployment that the command line names.
 *
 * @param more what this command needs beside what all of them need
 * @throws {ConfigurationError} when settings, a table, or the root key are wrong
 */
export async function openContacts(
  options: DeploymentOptions,
  more: readonly DeploymentSetting[] = [],
): Promise<ContactsTarget> {
  const { country } = resolveDeployment(options, [...REQUIRED, ...more]);
  const settings = readEnv('CONTACTS_TABLE', 'LOOKUP_TABLE', 'ROOT_KEY_ARN', 'ORGANIZATION', 'KEY_VERSIONS');
  return {
    ...(await loadContactsDeployment(settings)),
    endpoint: process.env.AWS_ENDPOINT_URL_DYNAMODB || `AWS in ${process.env.AWS_REGION}`,
    country,
  };
}

/**
 * Opens a deployment to write contacts. A contact that is written under a key version that the deployment does not use
 * cannot be found. The command cannot see which versions the deployment uses, so it looks at the stored contacts.
 *
 * @throws {ConfigurationError} when settings, a table, the root key, or the key versions are wrong
 */
export async function openContactsForWriting(
  options: DeploymentOptions,
  more: readonly DeploymentSetting[] = [],
): Promise<ContactsTarget> {
  const deployment = await openContacts(options, more);
  const version = await findUnknownKeyVersion(deployment);
  if (version === undefined) return deployment;
  throw keyVersionError(
    `The table has contacts of key version ${version}, which is not among --key-versions ${deployment.keyring.versions.join()}.`,
  );
}

export function keyVersionError(what: string, cause?: unknown): ConfigurationError {
  return new ConfigurationError(
    'KEY_VERSIONS',
    `${what} Set --key-versions (KEY_VERSIONS) to the versions that the deployment uses, the one that writes first.`,
    { cause },
  );
}

/** Identifies the tables and the settings that decide how a row is stored. A checkpoint of another one is not used. */
export function deploymentId({ endpoint, tableIds, keyring, country }: ContactsTarget): string {
  return JSON.stringify([endpoint, ...tableIds, keyring.organization, country]);
}
