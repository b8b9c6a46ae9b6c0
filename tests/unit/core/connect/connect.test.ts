import { ListQueuesCommand } from '@aws-sdk/client-connect';
import { createConnect, type QuotaShare } from '#core/connect/connect.ts';
import { isPermanent, isRefused } from '#core/connect/errors.ts';
import { listQueues } from '#core/connect/queues.ts';
import { type FakeClock, fakeClock, INSTANCE_ARN } from '#support/directory.ts';
import { connectError } from '#support/fake-connect.ts';

let clock: FakeClock;
let failures: Error[];
let times: number[];

beforeEach(() => {
  clock = fakeClock();
  failures = [];
  times = [];
});

function prepare(share: QuotaShare = 'job', options: object = {}) {
  const start = clock.now();
  const send = async () => {
    times.push(clock.now() - start);
    const failure = failures.shift();
    if (failure) throw failure;
    return {};
  };
  return createConnect({
    instanceArn: INSTANCE_ARN,
    clock,
    share,
    caller: 'the role of a test',
    client: { send } as never,
    ...options,
  });
}

test.each([
  ['job', [0, 500, 1_000, 1_500, 2_000, 2_500]],
  ['command', [0, 0, 500, 1_000, 1_500, 2_000]],
  ['deployment', [0, 0, 0, 0, 500, 1_000]],
] as const)('a %s keeps to two requests a second after its share of the burst', async (share, expected) => {
  const connect = prepare(share);

  for (const _ of expected) await listQueues(connect);

  expect(times).toEqual(expected);
  expect(connect.requests).toBe(expected.length);
});

test('every operation has its own quota, and every deadline the same one', async () => {
  const connect = prepare();
  const command = new ListQueuesCommand({ InstanceId: 'i' });
  await connect.client.send(command);
  await connect.until(clock.now() + 60_000).client.send(command);

  expect(times).toEqual([0, 500]);
});

test.each([
  ['TooManyRequestsException', 429],
  ['ThrottlingException', 429],
  ['InternalServiceException', 500],
])('requests that fail with %s are sent again, each time later', async (name, status) => {
  const connect = prepare();
  failures = Array.from({ length: 4 }, () => connectError(name, status));

  await listQueues(connect);

  expect(clock.sleeps.filter((wait) => wait > 0)).toEqual([750, 1_500, 3_000, 6_000]);
  expect(connect.requests).toBe(5);
});

test('an outage that lasts is CONNECT_UNAVAILABLE, with the operation', async () => {
  failures = Array.from({ length: 12 }, () => connectError('InternalServiceException', 500));

  const error = await listQueues(prepare()).catch((thrown: unknown) => thrown);

  expect(error).toMatchObject({
    code: 'CONNECT_UNAVAILABLE',
    message: expect.stringMatching(/^Amazon Connect did not answer ListQueues \(InternalServiceException\)/),
  });
  expect(isPermanent(error)).toBe(true);
});

test('no wait goes beyond the deadline', async () => {
  failures = [connectError('TooManyRequestsException', 429)];
  const connect = prepare().until(clock.now() + 400);

  await expect(listQueues(connect)).rejects.toMatchObject({
    code: 'OUT_OF_TIME',
    message: expect.stringMatching(/not enough time for ListQueues/),
  });
  await expect(connect.wait(500)).rejects.toMatchObject({ code: 'OUT_OF_TIME' });
  expect(clock.sleeps).toEqual([]);
});

test.each([
  [
    'AccessDeniedException',
    403,
    'ACCESS_DENIED',
    /^Missing rights: .*connect:ListQueues to the role of a test/,
  ],
  ['LimitExceededException', 429, 'QUOTA_EXCEEDED', /reached a quota.*ListQueues/],
  ['ServiceQuotaExceededException', 402, 'QUOTA_EXCEEDED', /reached a quota.*ListQueues/],
  ['InvalidRequestException', 400, 'REFUSED', /^Connect refused ListQueues \(InvalidRequestException\)/],
])('%s is not sent again: %s %s', async (name, status, code, message) => {
  failures = [connectError(name, status)];

  const error = await listQueues(prepare()).catch((thrown: unknown) => thrown);

  expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  expect(isRefused(error, name)).toBe(true);
  expect(times).toHaveLength(1);
});

test('a new role gets its rights after a delay, so denied requests are sent again, for all requests together', async () => {
  const denied = () => connectError('AccessDeniedException', 403);
  const connect = prepare('deployment', { accessDeniedWaitsMs: [1_000, 3_000] });
  failures = [denied(), denied()];
  await listQueues(connect);
  expect(clock.sleeps).toEqual([1_000, 3_000]);

  failures = [denied()];
  await expect(listQueues(connect)).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
});

test('an error of the program is not taken for a refusal', async () => {
  const bug = new TypeError('x is not a function');
  failures = [bug];

  await expect(listQueues(prepare())).rejects.toBe(bug);
});
