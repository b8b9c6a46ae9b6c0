import { type InstanceResources, validateFlow } from '#tools/local/emulators/connect/validate-flow.ts';

const published: InstanceResources = {
  hasLambda: (arn) => arn === 'known-function',
  hasFlow: (id) => id === 'known-flow',
  hasQueue: (id) => id === 'known-queue',
};

function flow(...actions: object[]): string {
  return JSON.stringify({ Version: '2019-10-30', StartAction: 'start', Actions: actions });
}

function action(Identifier: string, Parameters: object, Transitions: object = {}): object {
  return { Identifier, Type: 'Any', Parameters, Transitions };
}

test('a flow that names what the instance has, or what the call will tell, has no problem', () => {
  const content = flow(
    action('start', { LambdaFunctionARN: 'known-function' }, { NextAction: 'next' }),
    action('next', { QueueId: 'known-queue', EventHooks: { CustomerQueue: 'known-flow' } }),
    action('own', { ContactFlowId: '$.Attributes.flow' }),
  );

  expect(validateFlow(content, published)).toEqual([]);
});

test.each([
  ['{"Version"', 'not a JSON object'],
  ['[]', 'not a JSON object'],
  ['{"Version":"2018-01-01"}', 'Version'],
  ['x'.repeat(256_001), 'longer than 256000'],
  [flow(action('other', {})), 'StartAction'],
  [flow(action('start', {}), action('start', {})), 'same Identifier'],
  [flow(action('start', {}, { NextAction: 'gone' })), 'goes on to gone'],
  [flow(action('start', {}, { Errors: [{ NextAction: 'lost', ErrorType: 'NoMatchingError' }] })), 'lost'],
  [flow(action('start', { LambdaFunctionARN: 'other' })), 'Lambda function that is not associated'],
  [flow(action('start', { ContactFlowId: 'other' })), 'flow that does not exist'],
  [flow(action('start', { EventHooks: { CustomerQueue: 'other' } })), 'flow that does not exist'],
  [flow(action('start', { QueueId: 'other' })), 'queue that does not exist'],
])('%.60j is refused: %s', (content, problem) => {
  expect(validateFlow(content, published).join(' ')).toContain(problem);
});
