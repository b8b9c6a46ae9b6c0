import { newFolder } from '#support/folder.ts';
import type { JsonObject } from '#tools/json.ts';
import { deployCustomResources } from '#tools/local/custom-resources/deploy.ts';
import type { Template } from '#tools/local/template/index.ts';

const template = (properties: JsonObject = {}): Template => {
  const resource = {
    logicalId: 'Thing',
    type: 'AWS::CloudFormation::CustomResource',
    properties: {
      ServiceToken: 'arn:aws:lambda:r:a:function:ThingFunction',
      ServiceTimeout: 5,
      ...properties,
    },
  };
  return { parameters: {}, resources: [resource], ofType: () => [resource] };
};

/** Answers each request with what `reply` makes of it. */
function answering(reply: (request: JsonObject) => object | undefined) {
  const requests: JsonObject[] = [];
  return {
    requests,
    async run(name: string, event: string) {
      const request = { name, ...(JSON.parse(event) as JsonObject) } as JsonObject;
      requests.push(request);
      const answer = reply(request);
      if (answer) await fetch(String(request.ResponseURL), { method: 'PUT', body: JSON.stringify(answer) });
      return true;
    },
  };
}
const success = () => ({ Status: 'SUCCESS', PhysicalResourceId: 'made', Data: { a: 'b' } });

test('a resource is created first and updated with a data directory that knows it, every value a text', async () => {
  const dataDir = newFolder();
  const functions = answering(success);
  const data = await deployCustomResources(template({ Flag: true, List: [1] }), functions, dataDir);
  await deployCustomResources(template({ Flag: false }), functions, dataDir);

  expect(data).toEqual({ Thing: { a: 'b' } });
  expect(functions.requests).toMatchObject([
    {
      name: 'ThingFunction',
      RequestType: 'Create',
      LogicalResourceId: 'Thing',
      ResourceProperties: { ServiceTimeout: '5', Flag: 'true', List: ['1'] },
    },
    {
      RequestType: 'Update',
      PhysicalResourceId: 'made',
      ResourceProperties: { Flag: 'false' },
      OldResourceProperties: { Flag: 'true' },
    },
  ]);
});

test('a failure ends it with its reason, and what failed is created again', async () => {
  const dataDir = newFolder();
  const functions = answering(() => ({ Status: 'FAILED', Reason: 'Not like this.' }));

  for (let i = 0; i < 2; i += 1) {
    await expect(deployCustomResources(template(), functions, dataDir)).rejects.toThrow(
      'Thing was not set up: Not like this.',
    );
  }
  expect(functions.requests.map(({ RequestType }) => RequestType)).toEqual(['Create', 'Create']);
});

test('the error names a function that ends without a response, or fails every attempt', async () => {
  await expect(
    deployCustomResources(
      template(),
      answering(() => undefined),
      undefined,
    ),
  ).rejects.toThrow('The function ended without a response.');
  await expect(deployCustomResources(template(), { run: async () => false }, undefined)).rejects.toThrow(
    /ThingFunction failed every attempt to set up Thing/,
  );
});

test('an answer that does not come in time is told of', async () => {
  const silent = { run: () => new Promise<boolean>(() => undefined) };

  await expect(deployCustomResources(template({ ServiceTimeout: 0.05 }), silent, undefined)).rejects.toThrow(
    'did not respond in time',
  );
});
