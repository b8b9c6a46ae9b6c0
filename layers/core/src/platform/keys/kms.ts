import { GenerateMacCommand, KMSClient } from '@aws-sdk/client-kms';
import { clientSettings } from '#core/platform/client-settings.ts';
import { ConfigurationError, describeError, isOutage, UnavailableError } from '#core/platform/errors.ts';
import { createKeyring, type Keyring } from './keyring.ts';

export interface KeySettings {
  organization: string;
  rootKeyArn: string;
  /** The versions in use, beginning with the one that writes. */
  versions: readonly number[];
}

/** The key settings of a function, from what `readEnv` returns. */
export function keySettings(env: {
  ORGANIZATION: string;
  ROOT_KEY_ARN: string;
  KEY_VERSIONS: readonly number[];
}): KeySettings {
  return { organization: env.ORGANIZATION, rootKeyArn: env.ROOT_KEY_ARN, versions: env.KEY_VERSIONS };
}

/**
 * Creates a function that loads the keyring at its first call and keeps it. After a failure the next call tries again.
 */
export function createKeyringLoader(settings: KeySettings): () => Promise<Keyring> {
  let loading: Promise<Keyring> | undefined;
  return function keyring() {
    loading ??= loadKeyring(settings).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}

/**
 * Has KMS compute the root secret of each version in use: one GenerateMac over the version's label, which the
 * KMS key alone can compute. Nothing secret is stored anywhere.
 *
 * @throws {UnavailableError} when KMS does not answer
 * @throws {ConfigurationError} when KMS refuses, because the key or the rights are wrong
 */
export async function loadKeyring({ organization, rootKeyArn, versions }: KeySettings): Promise<Keyring> {
  const client = new KMSClient({ ...clientSettings('KMS', 1_500), maxAttempts: 3 });
  try {
    const secrets = versions.map(async (version) => {
      const { Mac } = await client.send(
        new GenerateMacCommand({
          KeyId: rootKeyArn,
          MacAlgorithm: 'HMAC_SHA_512',
          Message: Buffer.from(`switchboard/${version}`),
        }),
      );
      if (Mac?.length !== 64)
        throw new ConfigurationError('ROOT_KEY', 'The root key is not an HMAC_512 key.');
      return { version, secret: Mac };
    });
    return createKeyring(organization, await Promise.all(secrets));
  } catch (error) {
    throw translate(error);
  } finally {
    client.destroy();
  }
}

function translate(error: unknown): unknown {
  if (error instanceof ConfigurationError) return error;
  if (isOutage(error)) {
    return new UnavailableError('KEYS_UNAVAILABLE', 'The keys could not be loaded. Try again.', {
      cause: error,
    });
  }
  return new ConfigurationError(
    'ROOT_KEY',
    `KMS refused to use the root key (${describeError(error).name}).`,
    {
      cause: error,
    },
  );
}
