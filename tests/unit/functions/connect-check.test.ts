import type { Context } from 'aws-lambda';
import fixture from '#events/connect-check.json';
import { handler } from '#functions/connect-check/index.ts';
import { awaitResponse } from '#tools/local/custom-resources/response.ts';

const CONTEXT = {
  invokedFunctionArn: 'arn:aws:lambda:eu-central-1:111122223333:function:ConnectCheckFunction',
  getRemainingTimeInMillis: () => 30_000,
} as Context;

// The fixture: events/connect-check.json
test('a wrong setting is the reason that CloudFormation shows', async () => {
  const ResourceProperties = { ...fixture.ResourceProperties, ExtensionRange: '5000-1000' };

  const answer = await awaitResponse(60_000, (ResponseURL) =>
    handler({ ...fixture, ResponseURL, ResourceProperties }, CONTEXT),
  );

  expect(answer).toMatchObject({
    Status: 'FAILED',
    Reason: expect.stringMatching(/^ExtensionRange: .*5000-1000/),
    PhysicalResourceId: 'switchboard/checked',
  });
});
