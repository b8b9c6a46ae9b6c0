import { createHmac } from 'node:crypto';
import { GenerateMacCommand, KMSClient } from '@aws-sdk/client-kms';
import { mockClient } from 'aws-sdk-client-mock';
import { createKeyringLoader, loadKeyring } from '#core/platform/keys/kms.ts';

const kms = mockClient(KMSClient);
const settings = { organization: 'main', rootKeyArn: 'arn:aws:kms:key', versions: [2, 1] };

const macOf = ({ Message }: { Message: Uint8Array }) => ({
  Mac: createHmac('sha512', 'root').update(Message).digest(),
});

beforeEach(() => {
  kms.reset();
  kms.on(GenerateMacCommand).callsFake(macOf);
});

it('asks KMS once for each version in use, over a label that names the version', async () => {
  const keyring = await loadKeyring(settings);

  expect(keyring.versions).toEqual([2, 1]);
  const inputs = kms.commandCalls(GenerateMacCommand).map(({ args }) => args[0].input);
  expect(inputs.map(({ Message }) => Buffer.from(Message ?? []).toString())).toEqual([
    'switchboard/2',
    'switchboard/1',
  ]);
  expect(inputs[0]).toMatchObject({ KeyId: 'arn:aws:kms:key', MacAlgorithm: 'HMAC_SHA_512' });
});

it('loads the same keys again in another process', async () => {
  expect((await loadKeyring(settings)).hash('ref:1')).toBe((await loadKeyring(settings)).hash('ref:1'));
});

it.each([
  ['ThrottlingException', { name: 'UnavailableError', code: 'KEYS_UNAVAILABLE' }],
  [
    'AccessDeniedException',
    {
      name: 'ConfigurationError',
      message: 'KMS refused to use the root key (AccessDeniedException).',
    },
  ],
])('says whether the keys are unavailable or the deployment is wrong after %s', async (name, error) => {
  kms.on(GenerateMacCommand).rejects(Object.assign(new Error('arn'), { name }));
  await expect(loadKeyring(settings)).rejects.toMatchObject(error);
});

it('says that the deployment is wrong when the root key is of another kind', async () => {
  kms.on(GenerateMacCommand).resolves({ Mac: Buffer.alloc(32) });
  await expect(loadKeyring(settings)).rejects.toMatchObject({ name: 'ConfigurationError', code: 'ROOT_KEY' });
});

it('keeps what was loaded, and tries again after a failure', async () => {
  const keyring = createKeyringLoader({ ...settings, versions: [1] });
  kms
    .on(GenerateMacCommand)
    .rejectsOnce(Object.assign(new Error('x'), { name: 'ThrottlingException' }))
    .callsFake(macOf);

  await expect(keyring()).rejects.toMatchObject({ code: 'KEYS_UNAVAILABLE' });
  expect(await keyring()).toBe(await keyring());
  expect(kms.commandCalls(GenerateMacCommand)).toHaveLength(2);
});
