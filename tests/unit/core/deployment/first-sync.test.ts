import { createFunctionStarter, FIRST_SYNC_OUTPUTS } from '#core/deployment/first-sync.ts';

const ARN = 'arn:aws:lambda:eu-central-1:111122223333:function:sync';
const error = (name: string, httpStatusCode: number) =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode } });

test('a function is invoked with an empty event, without waiting for its result', async () => {
  const send = jest.fn(async () => ({}));

  await expect(createFunctionStarter({ send })(ARN)).resolves.toBe('STARTED');
  expect(send).toHaveBeenCalledWith(
    expect.objectContaining({ input: { FunctionName: ARN, InvocationType: 'Event', Payload: '{}' } }),
  );
});

test.each([
  ['a refusal', error('AccessDeniedException', 403), 'REFUSED', /Lambda refused.*the schedule starts it/],
  ['a throttle', error('TooManyRequestsException', 429), 'NO_ANSWER', /did not answer: the schedule/],
  ['a failure of Lambda', error('ServiceException', 500), 'NO_ANSWER', /did not answer: the schedule/],
] as const)('%s is answered, and fails nothing', async (_, thrown, answer, told) => {
  await expect(createFunctionStarter({ send: () => Promise.reject(thrown) })(ARN)).resolves.toBe(answer);
  expect(FIRST_SYNC_OUTPUTS[answer]).toMatch(told);
});

test('an error that says that the request is wrong is thrown', async () => {
  const gone = error('ResourceNotFoundException', 404);

  await expect(createFunctionStarter({ send: () => Promise.reject(gone) })(ARN)).rejects.toBe(gone);
});
