import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fixture from '#events/connect-setup.json';
import { loadHandler } from '#support/handler.ts';

const handler = loadHandler<void>('connect-setup');

// The fixture: events/connect-setup.json
test('a request with an instance of another Region is answered with what to do about it', async () => {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    request.on('data', (chunk) => bodies.push(String(chunk)));
    request.on('end', () => response.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const elsewhere = fixture.ResourceProperties.ConnectInstanceArn.replace('eu-central-1', 'us-east-1');

  await handler({
    ...fixture,
    ResponseURL: `http://127.0.0.1:${port}/`,
    ResourceProperties: { ...fixture.ResourceProperties, ConnectInstanceArn: elsewhere },
  });
  await new Promise((resolve) => server.close(resolve));

  expect(JSON.parse(bodies.join(''))).toMatchObject({
    Status: 'FAILED',
    Reason: expect.stringMatching(/us-east-1.*Deploy it in us-east-1/),
    RequestId: fixture.RequestId,
    LogicalResourceId: 'ConnectSetup',
    PhysicalResourceId: `${elsewhere}/switchboard/switchboard`,
  });
});

test('an event that nobody waits for an answer to is refused', async () => {
  await expect(handler({})).rejects.toMatchObject({ code: 'NOT_FROM_CLOUDFORMATION' });
});
