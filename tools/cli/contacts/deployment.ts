import {
  type Deployment,
  findUnknownKeyVersion,
  loadDeployment,
} from '@switchboard/core/contacts/maintenance';
import { ConfigurationError } from '@switchboard/core/platform/errors';
import { settleTarget, type TargetFlags } from './settings.ts';

/** A deployment, and what the tools say and ask about it. */
export interface Target extends Deployment {
  endpoint: string;
  country: string;
}

/**
 * Settles which deployment is meant, and opens it.
 *
 * @throws {ConfigurationError} when settings, a table or the root key are wrong
 */
export async function openTarget(
  flags: TargetFlags,
  more?: Parameters<typeof settleTarget>[1],
): Promise<Target> {
  const settings = settleTarget(flags, more);
  return {
    ...(await loadDeployment(settings)),
    endpoint: process.env.AWS_ENDPOINT_URL_DYNAMODB || `AWS in ${process.env.AWS_REGION}`,
    country: settings.DEFAULT_COUNTRY,
  };
}

/**
 * Opens a deployment to write contacts into it. What is written under a version that the deployment does not use
 * is found by nobody, and the tool cannot see which versions it uses; the contacts that are there tell.
 *
 * @throws {ConfigurationError} when settings, a table, the root key or the key versions are wrong
 */
export async function openWritableTarget(
  flags: TargetFlags,
  more?: Parameters<typeof settleTarget>[1],
): Promise<Target> {
  const target = await openTarget(flags, more);
  const version = await findUnknownKeyVersion(target);
  if (version === undefined) return target;
  throw keyVersionError(
    `The table has contacts of key version ${version}, which is not among --key-versions ${target.keyring.versions.join()}.`,
  );
}

export function keyVersionError(what: string, cause?: unknown): ConfigurationError {
  return new ConfigurationError(
    'KEY_VERSIONS',
    `${what} Give the versions that the deployment uses with --key-versions (KEY_VERSIONS), the one that writes first.`,
    { cause },
  );
}

/** All that says what a row becomes and where it goes: a checkpoint for another target is of no use. */
export function targetId({ endpoint, tableIds, keyring, country }: Target): string {
  return JSON.stringify([endpoint, ...tableIds, keyring.organization, country]);
}
