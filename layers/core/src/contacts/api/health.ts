import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { describeError } from '#core/platform/errors.ts';
import { logger } from '#core/platform/observability.ts';
import { withTimeLimit } from '#core/platform/resilience/deadline.ts';

/** A dependency that takes longer than this fails its check. */
const HEALTH_CHECK_TIMEOUT_MS = 3_000;

export interface HealthSource {
  client: DynamoDBDocumentClient;
  /** The name of ContactsTable. */
  contacts: string;
  /** The name of LookupTable. */
  lookup: string;
  /** Loads the keys from KMS, even when they are loaded already. */
  deriveKeys: () => Promise<unknown>;
}

export interface Health {
  status: 'ok' | 'failing';
  checks: Record<'contactsTable' | 'lookupTable' | 'keys', 'ok' | 'failing'>;
}

/** Reads an item that does not exist from each table, and loads the keys from KMS. */
export async function checkHealth({ client, contacts, lookup, deriveKeys }: HealthSource): Promise<Health> {
  const probe = (TableName: string) => (abortSignal: AbortSignal) =>
    client.send(new GetCommand({ TableName, Key: { pk: 'HEALTH', sk: 'HEALTH' } }), { abortSignal });
  const [contactsTable, lookupTable, keys] = await Promise.all([
    checkDependency('contactsTable', probe(contacts)),
    checkDependency('lookupTable', probe(lookup)),
    checkDependency('keys', deriveKeys),
  ]);
  const checks = { contactsTable, lookupTable, keys };
  const ok = Object.values(checks).every((result) => result === 'ok');
  return { status: ok ? 'ok' : 'failing', checks };
}

async function checkDependency(
  name: string,
  call: (signal: AbortSignal) => Promise<unknown>,
): Promise<'ok' | 'failing'> {
  try {
    await withTimeLimit(HEALTH_CHECK_TIMEOUT_MS, call);
    return 'ok';
  } catch (error) {
    logger.warn('health check failed', { check: name, error: describeError(error) });
    return 'failing';
  }
}
