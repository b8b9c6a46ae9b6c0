import fixture from '#events/connect-setup.json';
import { loadHandler } from '#support/handler.ts';
import { awaitResponse } from '#tools/local/custom-resources/response.ts';

const handler = loadHandler<void>('connect-setup');

// The fixture: events/connect-setup.json
test('a request with an instance of another Region is answered with what to do about it', async () => {
  const elsewhere = fixture.ResourceProperties.ConnectInstanceArn.replace('eu-central-1', 'us-east-1');
  const ResourceProperties = { ...fixture.ResourceProperties, ConnectInstanceArn: elsewhere };

  const answer = await awaitResponse(60_000, (ResponseURL) =>
    handler({ ...fixture, ResponseURL, ResourceProperties }),
  );

  expect(answer).toMatchObject({
    Status: 'FAILED',
    Reason: expect.stringMatching(/us-east-1.*Deploy it in us-east-1/),
    PhysicalResourceId: `${elsewhere}/switchboard/switchboard`,
  });
});
