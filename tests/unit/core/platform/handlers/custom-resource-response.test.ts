import type { Clock } from '#core/platform/clock.ts';
import {
  createResponseSender,
  type ResourceResponse,
} from '#core/platform/handlers/custom-resource-response.ts';

const RESPONSE: ResourceResponse = {
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

test('an attempt that hangs ends, and the response is sent again', async () => {
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
  await createResponseSender(clock)('https://answers.example.com/', RESPONSE);

  expect(put).toHaveBeenCalledTimes(2);
  // Four attempts and the waits between them take less than the 20 seconds that are reserved for the response.
  expect(limits).toEqual([3_500, 3_500]);
});

test('a response that is never accepted is an error after four attempts', async () => {
  const put = jest.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('fetch failed'));

  await expect(createResponseSender(clock)('https://answers.example.com/', RESPONSE)).rejects.toMatchObject({
    code: 'RESPONSE_REFUSED',
  });
  expect(put).toHaveBeenCalledTimes(4);
});
