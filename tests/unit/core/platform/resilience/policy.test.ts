import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidInputError, isOutage, UnavailableError } from '#core/platform/errors.ts';
import { createDeadline } from '#core/platform/resilience/deadline.ts';
import { createPolicy, defaultPolicy, type PolicyOptions } from '#core/platform/resilience/policy.ts';
import { eventually } from '#support/eventually.ts';

/** Time enough for a busy machine; a test of a time limit has its own. */
const policyWith = (options: Partial<PolicyOptions> = {}) =>
  createPolicy({ ...defaultPolicy, name: 'LookupTable', budgetMs: 30_000, attemptMs: 30_000, ...options });

const awsError = (name: string, httpStatusCode: number) =>
  Object.assign(new Error('says who: +14155550100'), {
    name,
    $fault: httpStatusCode < 500 ? 'client' : 'server',
    $metadata: { httpStatusCode },
  });
const throttled = () => awsError('ThrottlingException', 400);

const failing = (error: () => Error) => jest.fn(async () => Promise.reject(error()));

describe('an attempt', () => {
  test('that succeeds is made once', async () => {
    const attempt = jest.fn(async () => 'found');

    await expect(policyWith().run(attempt)).resolves.toBe('found');
    expect(attempt).toHaveBeenCalledTimes(1);
  });

  test('that is throttled is made again until it succeeds', async () => {
    const attempt = jest
      .fn<Promise<string>, []>()
      .mockRejectedValueOnce(throttled())
      .mockRejectedValueOnce(awsError('InternalServerError', 500))
      .mockResolvedValue('found');

    await expect(policyWith().run(attempt)).resolves.toBe('found');
    expect(attempt).toHaveBeenCalledTimes(3);
  });

  test('is given up after its retries, and the error names the dependency, not what it said', async () => {
    const attempt = failing(throttled);

    const error = await policyWith({ retries: 1 })
      .run(attempt)
      .catch((thrown) => thrown);

    expect(error).toBeInstanceOf(UnavailableError);
    expect(error.message).toContain('LookupTable');
    expect(error.message).not.toContain('+1415');
    expect(error.cause).toMatchObject({ name: 'ThrottlingException' });
    expect(attempt).toHaveBeenCalledTimes(2);
  });

  test('that is itself wrong is not made again, and its error passes through unchanged', async () => {
    const wrong = awsError('ValidationException', 400);
    const attempt = failing(() => wrong);

    await expect(policyWith().run(attempt)).rejects.toBe(wrong);
    expect(attempt).toHaveBeenCalledTimes(1);
  });

  test('that fails on a bug passes it through and never opens the breaker', async () => {
    const policy = policyWith({ breakAfter: 2 });
    const bug = new TypeError('x is undefined');
    for (let i = 0; i < 5; i++) await expect(policy.run(failing(() => bug))).rejects.toBe(bug);

    await expect(policy.run(async () => 'found')).resolves.toBe('found');
  });

  test('that hangs is given up after its own time, aborted, and made again', async () => {
    const signals: AbortSignal[] = [];
    const attempt = jest.fn(async (signal: AbortSignal) => {
      signals.push(signal);
      return signals.length === 1 ? sleep(5_000, 'late', { signal }) : 'found';
    });

    await expect(policyWith({ attemptMs: 20 }).run(attempt)).resolves.toBe('found');
    expect(signals[0]?.aborted).toBe(true);
  });
});

describe('a deadline that is passed down', () => {
  test('ends the attempts, and takes the place of the budget', async () => {
    const policy = policyWith({ budgetMs: 1, attemptMs: 30_000, retries: 1e6, breakAfter: 1e7 });
    const deadline = createDeadline(60);
    const attempt = failing(throttled);

    await expect(policy.run(attempt, deadline)).rejects.toMatchObject({ code: 'UNAVAILABLE' });

    expect(deadline.left()).toBe(0);
    expect(attempt.mock.calls.length).toBeGreaterThan(1);
  });

  test('makes no attempt when it is over', async () => {
    const attempt = failing(throttled);

    await expect(policyWith().run(attempt, createDeadline(0))).rejects.toMatchObject({ code: 'UNAVAILABLE' });

    expect(attempt).not.toHaveBeenCalled();
  });
});

describe('the budget', () => {
  test('ends all attempts and the waits between them', async () => {
    // So many retries take days.
    const policy = policyWith({ budgetMs: 80, attemptMs: 50, retries: 1e6, breakAfter: 1e7 });

    await expect(policy.run((signal) => sleep(10_000, undefined, { signal }))).rejects.toBeInstanceOf(
      UnavailableError,
    );
  });

  test('that is over ends the retries: no attempt is made that nobody waits for', async () => {
    const policy = policyWith({ budgetMs: 60, attemptMs: 20, retries: 50, breakAfter: 1_000 });
    const attempt = jest.fn((signal: AbortSignal) => sleep(10_000, undefined, { signal }));
    await policy.run(attempt).catch(() => undefined);
    const made = attempt.mock.calls.length;
    await sleep(400);

    expect(attempt).toHaveBeenCalledTimes(made);
  });

  test('that is over frees the place in the bulkhead, even when the attempt itself never ends', async () => {
    const policy = policyWith({ budgetMs: 30, attemptMs: 1e6, parallel: 1, queue: 0, retries: 0 });
    const never = new Promise<string>(() => undefined);

    await expect(policy.run(() => never)).rejects.toBeInstanceOf(UnavailableError);
    // The attempt is told a moment after the call; without its budget it would have minutes.
    const find = () => policy.run(async () => 'found').catch(() => sleep(5));
    await expect(eventually(find, Boolean)).resolves.toBe('found');
  });
});

describe('the breaker', () => {
  const broken = { retries: 0, breakAfter: 3, breakMs: 40 };
  /** The breaker's clock, held still: on a busy machine its time would pass by itself. */
  let now = 0;

  beforeEach(() => jest.spyOn(Date, 'now').mockImplementation(() => now));

  test('opens after consecutive failures: no attempt is made any more', async () => {
    const policy = policyWith(broken);
    for (let i = 0; i < 3; i++) await expect(policy.run(failing(throttled))).rejects.toThrow();
    const attempt = jest.fn(async () => 'found');

    await expect(policy.run(attempt)).rejects.toBeInstanceOf(UnavailableError);
    expect(attempt).not.toHaveBeenCalled();
  });

  test('does not open when a success comes in between', async () => {
    const policy = policyWith(broken);
    for (let i = 0; i < 6; i++) {
      await policy.run(failing(throttled)).catch(() => undefined);
      await expect(policy.run(async () => 'found')).resolves.toBe('found');
    }
  });

  test('lets an attempt through after its time and closes when that succeeds', async () => {
    const policy = policyWith(broken);
    for (let i = 0; i < 3; i++) await policy.run(failing(throttled)).catch(() => undefined);
    now += 60;

    await expect(policy.run(async () => 'found')).resolves.toBe('found');
    await expect(policy.run(async () => 'found')).resolves.toBe('found');
  });

  test('opens again when the attempt it let through fails', async () => {
    const policy = policyWith(broken);
    for (let i = 0; i < 3; i++) await policy.run(failing(throttled)).catch(() => undefined);
    now += 60;
    await policy.run(failing(throttled)).catch(() => undefined);
    const attempt = jest.fn(async () => 'found');

    await expect(policy.run(attempt)).rejects.toBeInstanceOf(UnavailableError);
    expect(attempt).not.toHaveBeenCalled();
  });

  test('that opens ends the retries of the call that opened it', async () => {
    const attempt = failing(throttled);

    await policyWith({ retries: 10, breakAfter: 3 })
      .run(attempt)
      .catch(() => undefined);

    expect(attempt).toHaveBeenCalledTimes(3);
  });
});

describe('the bulkhead', () => {
  test('runs so many attempts at once, keeps so many waiting, and refuses the rest at once', async () => {
    const policy = policyWith({ parallel: 2, queue: 1 });
    let running = 0;
    let most = 0;
    const attempt = async () => {
      running += 1;
      most = Math.max(most, running);
      await sleep(30);
      running -= 1;
      return 'found';
    };

    const results = await Promise.allSettled(Array.from({ length: 5 }, () => policy.run(attempt)));

    expect(most).toBe(2);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(UnavailableError);
    }
  });
});

describe('what counts as an outage', () => {
  test.each([
    ['a throttle', throttled()],
    ['exhausted throughput', awsError('ProvisionedThroughputExceededException', 400)],
    ['a server error', awsError('InternalServerError', 500)],
    ['a request that timed out', Object.assign(new Error(), { name: 'TimeoutError' })],
    ['a broken connection', Object.assign(new Error(), { code: 'ECONNRESET' })],
    ['what another policy gave up', new UnavailableError('UNAVAILABLE', 'Try again.')],
  ])('%s does', (_, error) => expect(isOutage(error)).toBe(true));

  test.each([
    ['a failed condition', awsError('ConditionalCheckFailedException', 400)],
    ['a missing table', awsError('ResourceNotFoundException', 400)],
    ['bad input', new InvalidInputError('INVALID', 'No.')],
    ['a bug', new TypeError()],
    ['a thrown string', 'boo'],
  ])('%s does not', (_, error) => expect(isOutage(error)).toBe(false));
});
