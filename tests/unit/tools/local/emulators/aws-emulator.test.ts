import {
  ConnectClient,
  CreateUserCommand,
  DeleteUserCommand,
  UpdateUserIdentityInfoCommand,
} from '@aws-sdk/client-connect';
import { GenerateMacCommand, KMSClient } from '@aws-sdk/client-kms';
import type { JsonObject } from '#tools/json.ts';
import { type AwsEmulator, startAwsEmulator } from '#tools/local/emulators/index.ts';
import { CONNECT_INSTANCE_ARN } from '#tools/local/template/index.ts';

const InstanceId = CONNECT_INSTANCE_ARN.split('/').at(-1) ?? '';
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
let emulator: AwsEmulator;
const events: JsonObject[] = [];

beforeAll(async () => {
  emulator = await startAwsEmulator({ port: 0, onEvent: (event) => events.push(event) });
});
afterAll(() => emulator.stop());

test('each change of a user sends a CloudTrail event without names and passwords', async () => {
  const connect = new ConnectClient({ region: 'eu-central-1', endpoint: emulator.url, credentials });
  const { UserId = '' } = await connect.send(
    new CreateUserCommand({
      InstanceId,
      Username: 'ada',
      Password: 'Secret-1',
      IdentityInfo: { FirstName: 'Ada' },
      PhoneConfig: { PhoneType: 'SOFT_PHONE' },
      RoutingProfileId: 'routing',
      SecurityProfileIds: ['security'],
    }),
  );
  await connect.send(
    new UpdateUserIdentityInfoCommand({ InstanceId, UserId, IdentityInfo: { FirstName: 'Eve' } }),
  );
  await connect.send(new DeleteUserCommand({ InstanceId, UserId }));

  expect(events.map(({ detail }) => (detail as JsonObject).eventName)).toEqual([
    'CreateUser',
    'UpdateUserIdentityInfo',
    'DeleteUser',
  ]);
  expect(events[0]).toMatchObject({
    source: 'aws.connect',
    'detail-type': 'AWS API Call via CloudTrail',
    detail: {
      eventSource: 'connect.amazonaws.com',
      requestParameters: { instanceId: InstanceId },
      responseElements: { userId: UserId },
    },
  });
  expect(events[1]).toMatchObject({
    detail: { requestParameters: { instanceId: InstanceId, userId: UserId } },
  });
  expect(JSON.stringify(events)).not.toMatch(/Secret-1|"Eve"|"Ada"/);
});

test('an invalid path encoding is rejected', async () => {
  const answer = await fetch(`${emulator.url}/users/${InstanceId}/%zz`);

  expect(answer.status).toBe(400);
  expect(answer.headers.get('x-amzn-errortype')).toBe('InvalidParameterException');
});

describe('the emulator for KMS', () => {
  const generate = (message: string, MacAlgorithm: 'HMAC_SHA_512' | 'HMAC_SHA_256' = 'HMAC_SHA_512') =>
    new KMSClient({ region: 'eu-central-1', endpoint: emulator.url, credentials }).send(
      new GenerateMacCommand({ KeyId: 'alias/any', Message: Buffer.from(message), MacAlgorithm }),
    );

  test('gives the same 64 bytes for the same message, and others for another', async () => {
    const [one, again, other] = await Promise.all([generate('a'), generate('a'), generate('b')]);

    expect(one.Mac).toHaveLength(64);
    expect(again.Mac).toEqual(one.Mac);
    expect(other.Mac).not.toEqual(one.Mac);
  });

  test('rejects an algorithm that the key does not support', async () => {
    await expect(generate('a', 'HMAC_SHA_256')).rejects.toMatchObject({ name: 'InvalidKeyUsageException' });
  });
});
