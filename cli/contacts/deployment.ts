import { type Deployment, openDeployment } from '@switchboard/core/contacts/maintenance';
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
export async function openTarget(flags: TargetFlags): Promise<Target> {
  const settings = settleTarget(flags);
  return {
    ...(await openDeployment(settings)),
    endpoint: process.env.AWS_ENDPOINT_URL_DYNAMODB || `AWS in ${process.env.AWS_REGION}`,
    country: settings.DEFAULT_COUNTRY,
  };
}

/** All that says what a row becomes and where it goes: a checkpoint for another target is of no use. */
export function targetId({ endpoint, tableIds, keyring, country }: Target): string {
  return JSON.stringify([endpoint, ...tableIds, keyring.organisation, country]);
}
