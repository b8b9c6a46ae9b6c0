import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createLease, type Lease } from '#core/platform/jobs/lease.ts';

type Command = { constructor: { name: string }; input: Record<string, unknown> };

const options = {
  table: 'table',
  key: { pk: 'JOB', sk: 'LEASE' },
  leaseMs: 60_000,
  renewMs: 20_000,
  conflict: { code: 'JOB_BUSY', message: 'Another run is at work.' },
};

function setUp() {
  const time = { now: 1_000 };
  const writes: Command[] = [];
  const fail = { name: '' };
  const send = async (command: Command) => {
    writes.push(command);
    if (fail.name) throw Object.assign(new Error('refused'), { name: fail.name });
    return {};
  };
  const clock = { now: () => time.now, sleep: async () => {}, random: Math.random };
  const lease: Lease = createLease({ send } as unknown as DynamoDBDocumentClient, options, clock);
  return { lease, time, writes, fail };
}

test('takes the lease once, and renews it when it is due', async () => {
  const { lease, time, writes } = setUp();

  expect(lease.held).toBe(false);
  await Promise.all([lease.hold(), lease.hold()]);
  expect(lease.held).toBe(true);
  expect(writes).toHaveLength(1);
  expect(writes[0]?.input).toMatchObject({ Item: { ...options.key, expiresAt: 61_000 } });

  time.now += 19_999;
  await lease.hold();
  expect(writes).toHaveLength(1);

  time.now += 1;
  await lease.hold();
  expect(writes).toHaveLength(2);
});

test('throws when another run holds it, then and later', async () => {
  const { lease, time, fail } = setUp();
  await lease.hold();
  fail.name = 'ConditionalCheckFailedException';
  time.now += 20_000;

  await expect(lease.hold()).rejects.toMatchObject({ name: 'LeaseLostError', code: 'JOB_BUSY' });
  expect(lease.held).toBe(false);
  await expect(lease.hold()).rejects.toMatchObject({ name: 'LeaseLostError' });
});

test('an outage is no conflict', async () => {
  const { lease, fail } = setUp();
  fail.name = 'ThrottlingException';

  await expect(lease.hold()).rejects.toMatchObject({ name: 'ThrottlingException' });
});

test('releases what it holds, and nothing when another run took it', async () => {
  const { lease, writes, fail } = setUp();
  await lease.release();
  expect(writes).toHaveLength(0);

  await lease.hold();
  fail.name = 'ConditionalCheckFailedException';
  await lease.release();

  expect(writes.map((command) => command.constructor.name)).toEqual(['PutCommand', 'DeleteCommand']);
  expect(lease.held).toBe(false);
});
