import { type AddressInfo, createServer } from 'node:net';
import { SearchAvailablePhoneNumbersCommand } from '@aws-sdk/client-connect';
import { fakeClock, INSTANCE_ARN } from '#support/directory.ts';
import { createCliConnect } from '#tools/cli/phonebook/connect.ts';

test('a Connect that accepts a request and never answers is unavailable after a time', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const before = process.env;
  process.env = {
    ...{ AWS_ENDPOINT_URL_CONNECT: `http://127.0.0.1:${port}`, AWS_REGION: 'eu-central-1' },
    ...{ AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
  };
  try {
    const { client } = createCliConnect(INSTANCE_ARN, { clock: fakeClock(), timeoutMs: 20 });
    const search = new SearchAvailablePhoneNumbersCommand({
      ...{ TargetArn: INSTANCE_ARN, PhoneNumberCountryCode: 'CA', PhoneNumberType: 'DID' },
    });

    await expect(client.send(search)).rejects.toMatchObject({
      code: 'CONNECT_UNAVAILABLE',
    });
  } finally {
    process.env = before;
    server.close();
  }
});
