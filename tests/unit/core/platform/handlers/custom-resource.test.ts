import type { Context } from 'aws-lambda';
import { ConfigurationError } from '#core/platform/errors.ts';
import { customResourceHandler, type Resource } from '#core/platform/handlers/custom-resource.ts';
import { fittedAnswer, type ResourceAnswer } from '#core/platform/handlers/custom-resource-response.ts';

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

function handled(apply: Resource['apply'], event: object = EVENT, remainingMs?: number) {
  const sent: ResourceAnswer[] = [];
  const resource: Resource = { physicalId: () => 'known', apply };
  const handler = customResourceHandler('thing', resource, async (_url, answer) => {
    sent.push(answer);
  });
  return handler(event, context(remainingMs)).then(() => sent);
}

test('a success is answered with its id and data', async () => {
  const [answer] = await handled(async ({ properties }) => ({
    physicalId: 'made',
    data: { got: String(properties.a) },
  }));

  expect(answer).toMatchObject({
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
])('%s is answered as a failure with a reason, and the id that a removal needs', async (thrown, Reason) => {
  const [answer] = await handled(() => Promise.reject(thrown));

  expect(answer).toMatchObject({ Status: 'FAILED', Reason, PhysicalResourceId: 'known' });
});

test('a removal succeeds even so', async () => {
  const event = { ...EVENT, RequestType: 'Delete', PhysicalResourceId: 'made' };
  const [answer] = await handled(() => Promise.reject(new Error()), event);

  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'known' });
});

test('work that takes too long is answered for while there is time', async () => {
  const [answer] = await handled(() => new Promise(() => undefined), EVENT, 60);

  expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/not enough time/) });
});

test.each([
  [60_000, 40_000],
  [30_000, 20_000],
])('of %i ms the work has %i: the rest is for the answer', async (remaining, work) => {
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

test('nobody is answered who did not say where', async () => {
  await expect(handled(async () => ({ physicalId: '' }), { RequestType: 'Create' })).rejects.toMatchObject({
    code: 'NOT_FROM_CLOUDFORMATION',
  });
});

test('an answer that nobody takes fails the invocation, so that Lambda tries again', async () => {
  const resource: Resource = { physicalId: () => 'known', apply: async () => ({ physicalId: 'made' }) };
  const handler = customResourceHandler('thing', resource, () => Promise.reject(new Error('refused')));

  await expect(handler(EVENT, context())).rejects.toThrow('refused');
});

test.each([
  ['a long reason', { Reason: 'x'.repeat(9_000) }],
  [
    'long data',
    { Data: Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`k${i}`, 'é'.repeat(2_000)])) },
  ],
])('%s is cut until CloudFormation takes it', (_, parts) => {
  const answer: ResourceAnswer = {
    Status: 'FAILED',
    Reason: 'short',
    PhysicalResourceId: 'id',
    StackId: 's',
    RequestId: 'r',
    LogicalResourceId: 'l',
    Data: {},
  };
  const fitted = fittedAnswer({ ...answer, ...parts });

  expect(Buffer.byteLength(fitted)).toBeLessThanOrEqual(4096);
  expect(Buffer.byteLength(fitted)).toBeGreaterThan(1000);
  expect(JSON.parse(fitted)).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'id' });
});
