import type { Clock } from '#core/platform/clock.ts';
import { createAnswerSender, type ResourceAnswer } from '#core/platform/handlers/custom-resource-response.ts';

const ANSWER: ResourceAnswer = {
  Status: 'SUCCESS',
  Reason: 'Done.',
  PhysicalResourceId: 'id',
  StackId: 's',
  RequestId: 'r',
  LogicalResourceId: 'l',
  Data: {},
};
const clock: Clock = { now: () => 0, random: () => 0.5, sleep: async () => undefined };
afterEach(() => jest.restoreAllMocks());

test('a try that hangs is given up, and the answer is sent again', async () => {
  const limits: number[] = [];
  jest.spyOn(AbortSignal, 'timeout').mockImplementation((milliseconds) => {
    limits.push(milliseconds);
    return AbortSignal.abort(new Error('The time is over.'));
  });
  const put = jest
    .spyOn(globalThis, 'fetch')
    .mockImplementationOnce((_url, { signal } = {}) =>
      signal?.aborted ? Promise.reject(signal.reason) : new Promise(() => undefined),
    )
    .mockResolvedValueOnce(new Response('', { status: 200 }));
  await createAnswerSender(clock)('https://answers.example.com/', ANSWER);

  expect(put).toHaveBeenCalledTimes(2);
  // Four tries and the waits between them fit into the twenty seconds that are kept for the answer.
  expect(limits).toEqual([3_500, 3_500]);
});

test('an answer that nobody takes is an error after four tries', async () => {
  const put = jest.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('fetch failed'));

  await expect(createAnswerSender(clock)('https://answers.example.com/', ANSWER)).rejects.toMatchObject({
    code: 'ANSWER_REFUSED',
  });
  expect(put).toHaveBeenCalledTimes(4);
});
