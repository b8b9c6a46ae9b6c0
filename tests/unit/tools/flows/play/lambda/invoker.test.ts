import {
  invokeWithRetries,
  type LambdaRequest,
  type LambdaResult,
} from '#tools/flows/play/lambda/invoker.ts';

/** Returns the results in order and records the time limits. */
function scripted(...results: LambdaResult[]) {
  const limits: number[] = [];
  const invoke = async ({ timeLimitMs }: LambdaRequest) => {
    limits.push(timeLimitMs);
    return results.shift() ?? answer(0);
  };
  return {
    limits,
    run: (limitMs: number) => invokeWithRetries(limitMs, { functionArn: 'arn', event: {} }, invoke),
  };
}

const answer = (durationMs: number): LambdaResult => ({
  kind: 'answer',
  payload: new Uint8Array(),
  durationMs,
});
const throttled: LambdaResult = { kind: 'throttled', durationMs: 100 };
const broken: LambdaResult = { kind: 'service-error', status: 503, durationMs: 100 };

test('throttles and 5xx errors are retried within one limit', async () => {
  const { limits, run } = scripted(throttled, broken, answer(50));

  expect(await run(4_000)).toMatchObject({ kind: 'answer', attempts: 3, durationMs: 250 });
  expect(limits).toEqual([4_000, 3_900, 3_800]);
});

test('the third throttle is the last', async () => {
  const { run } = scripted(throttled, throttled, throttled, answer(1));

  expect(await run(4_000)).toMatchObject({
    kind: 'failed',
    attempts: 3,
    why: 'Lambda throttled the invocation',
  });
});

test('an error of the function is not retried', async () => {
  const failure: LambdaResult = {
    kind: 'function-error',
    errorType: 'Error',
    errorMessage: 'no',
    durationMs: 5,
  };
  const { run } = scripted(failure, answer(1));

  expect(await run(4_000)).toMatchObject({
    kind: 'failed',
    attempts: 1,
    why: 'the function failed: Error: no',
  });
});

test('a rejection by Lambda is not retried', async () => {
  const { run } = scripted({
    kind: 'refused',
    status: 404,
    reason: 'ResourceNotFoundException',
    durationMs: 1,
  });

  expect(await run(4_000)).toMatchObject({
    kind: 'failed',
    attempts: 1,
    why: expect.stringContaining('404'),
  });
});

test.each([
  ['that takes all the time', answer(4_000)],
  ['that the invoker gave up', { kind: 'timed-out', durationMs: 4_000 } as const],
])('an answer %s comes too late, and the limit has passed', async (_, result) => {
  const { run } = scripted(result);

  expect(await run(4_000)).toMatchObject({
    kind: 'failed',
    durationMs: 4_000,
    why: 'the function did not respond within 4 seconds',
  });
});

test('a try that fails late leaves no time for another', async () => {
  const { run } = scripted({ ...throttled, durationMs: 4_100 }, answer(1));

  expect(await run(4_000)).toMatchObject({ kind: 'failed', attempts: 1 });
});
