import type { Context } from 'aws-lambda';
import { ConfigurationError } from '#core/platform/errors.ts';
import { type CustomResource, createResourceHandler } from '#core/platform/handlers/custom-resource.ts';
import { type ResourceResponse, shortenToLimit } from '#core/platform/handlers/custom-resource-response.ts';

const EVENT = {
  RequestType: 'Create',
  ResponseURL: 'https://answers.example.com/one',
  StackId: 'stack',
  RequestId: 'one',
  LogicalResourceId: 'Thing',
  ResourceProperties: { a: '1' },
};
const context = (remainingMs = 60_000) =>
  ({
    invokedFunctionArn: 'arn:aws:lambda:eu-central-1:111122223333:function:thing',
    getRemainingTimeInMillis: () => remainingMs,
  }) as Context;

function handled(apply: CustomResource['apply'], event: object = EVENT, remainingMs?: number) {
  const sent: ResourceResponse[] = [];
  const resource: CustomResource = { physicalId: () => 'known', apply };
  const handler = createResourceHandler('thing', resource, async (_url, response) => {
    sent.push(response);
  });
  return handler(event, context(remainingMs)).then(() => sent);
}

test('the response of a success has its ID and data', async () => {
  const [response] = await handled(async ({ properties }) => ({
    physicalId: 'made',
    data: { got: String(properties.a) },
  }));

  expect(response).toMatchObject({
    Status: 'SUCCESS',
    PhysicalResourceId: 'made',
    StackId: 'stack',
    RequestId: 'one',
    LogicalResourceId: 'Thing',
    Data: { got: '1' },
  });
});

test.each([
  [new ConfigurationError('X', 'Do this.'), 'Do this.'],
  [new TypeError('secret'), expect.not.stringContaining('secret')],
  ['not even an error', expect.stringContaining('unexpectedly (string)')],
])('%s is a failure with a reason, and with the ID that a removal needs', async (thrown, Reason) => {
  const [response] = await handled(() => Promise.reject(thrown));

  expect(response).toMatchObject({ Status: 'FAILED', Reason, PhysicalResourceId: 'known' });
});

test('a removal succeeds even when its work fails', async () => {
  const event = { ...EVENT, RequestType: 'Delete', PhysicalResourceId: 'made' };
  const [response] = await handled(() => Promise.reject(new Error()), event);

  expect(response).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'known' });
});

test.each([
  ['RequestType', { RequestType: 'Explode' }],
  ['ResourceProperties', { ResourceProperties: 'x' }],
  ['ResourceProperties', { ResourceProperties: undefined }],
])('a request with an invalid %s is a failure with an ID', async (field, parts) => {
  const [response] = await handled(async () => ({ physicalId: 'made' }), { ...EVENT, ...parts });

  expect(response).toMatchObject({
    Status: 'FAILED',
    Reason: expect.stringContaining(`The request of CloudFormation is invalid at ${field}`),
    PhysicalResourceId: 'thing-one',
  });
});

test('a removal with an invalid request succeeds', async () => {
  const event = { ...EVENT, RequestType: 'Delete', ResourceProperties: 7 };
  const [response] = await handled(async () => ({ physicalId: 'made' }), event);

  expect(response).toMatchObject({ Status: 'SUCCESS' });
});

test('work that takes too long is a failure before the time of the function is over', async () => {
  const [response] = await handled(() => new Promise(() => undefined), EVENT, 60);

  expect(response).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/not enough time/) });
});

test.each([
  [60_000, 40_000],
  [30_000, 20_000],
])('of %i ms the work has %i: the rest is for the response', async (remaining, work) => {
  let deadline = 0;
  const now = jest.spyOn(Date, 'now').mockReturnValue(1_000);
  await handled(
    async (request) => {
      deadline = request.deadline;
      return { physicalId: '' };
    },
    EVENT,
    remaining,
  );
  now.mockRestore();

  expect(deadline).toBe(1_000 + work);
});

test('an event without a ResponseURL is refused', async () => {
  await expect(handled(async () => ({ physicalId: '' }), { RequestType: 'Create' })).rejects.toMatchObject({
    code: 'NOT_FROM_CLOUDFORMATION',
  });
});

test('a response that CloudFormation does not accept fails the invocation, so that Lambda retries', async () => {
  const resource: CustomResource = { physicalId: () => 'known', apply: async () => ({ physicalId: 'made' }) };
  const handler = createResourceHandler('thing', resource, () => Promise.reject(new Error('refused')));

  await expect(handler(EVENT, context())).rejects.toThrow('refused');
});

test.each([
  ['a long reason', { Reason: 'x'.repeat(9_000) }],
  [
    'long data',
    { Data: Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`k${i}`, 'é'.repeat(2_000)])) },
  ],
])('%s is cut until CloudFormation accepts it', (_, parts) => {
  const response: ResourceResponse = {
    Status: 'FAILED',
    Reason: 'short',
    PhysicalResourceId: 'id',
    StackId: 's',
    RequestId: 'r',
    LogicalResourceId: 'l',
    Data: {},
  };
  const fitted = shortenToLimit({ ...response, ...parts });

  expect(Buffer.byteLength(fitted)).toBeLessThanOrEqual(4096);
  expect(Buffer.byteLength(fitted)).toBeGreaterThan(1000);
  expect(JSON.parse(fitted)).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'id' });
});
