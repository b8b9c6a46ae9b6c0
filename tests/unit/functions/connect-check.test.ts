import fixture from '#events/connect-check.json';
import { loadHandler } from '#support/handler.ts';
import { awaitResponse } from '#tools/local/custom-resources/response.ts';

const handler = loadHandler<void>('connect-check');

// The fixture: events/connect-check.json
test('a wrong setting is the reason that CloudFormation shows', async () => {
  const ResourceProperties = { ...fixture.ResourceProperties, ExtensionRange: '5000-1000' };

  const answer = await awaitResponse(60_000, (ResponseURL) =>
    handler({ ...fixture, ResponseURL, ResourceProperties }),
  );

  expect(answer).toMatchObject({
    Status: 'FAILED',
    Reason: expect.stringMatching(/^ExtensionRange: .*5000-1000/),
    PhysicalResourceId: 'switchboard/checked',
  });
});
