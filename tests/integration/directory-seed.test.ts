import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { createSyncLease, readSyncState, seedPool } from '#core/agent-sync/index.ts';
import type { Directory } from '#core/directory/index.ts';
import { parseRanges } from '#core/directory/ranges.ts';
import { chaoticClient, Killed } from '#support/chaos.ts';
import { dump, fakeClock, findDamage } from '#support/directory.ts';
import { freshTables } from '#support/tables.ts';

let directory: Directory;

beforeEach(async () => {
  const { client, directory: table } = await freshTables();
  directory = { client, table };
});

async function seed(range: string, options: Parameters<typeof seedPool>[4] = {}, target = directory) {
  const clock = fakeClock();
  const lease = createSyncLease(target, clock);
  const { seed: stored } = await readSyncState(target);
  const result = await seedPool(target, parseRanges(range), stored, lease, options);
  await lease.release();
  return result;
}

async function pool(): Promise<Record<string, string[]>> {
  const items = await dump(directory.client, directory.table);
  expect(findDamage(items)).toEqual([]);
  const states: Record<string, string[]> = {};
  for (const { pk, sk, state } of items.values()) {
    if (sk !== 'NUMBER') continue;
    const numbers = states[String(state)] ?? [];
    states[String(state)] = [...numbers, String(pk).slice(7)].toSorted();
  }
  return states;
}

async function put(Item: Record<string, unknown>): Promise<void> {
  await directory.client.send(new PutCommand({ TableName: directory.table, Item }));
}

test('fills the pool, and then needs one read and no write', async () => {
  await expect(seed('0041-0043,10-11')).resolves.toMatchObject({ finished: true, added: 5 });
  const { seed: stored } = await readSyncState(directory);
  const untouchable = chaoticClient(directory.client, { killAt: 0, side: 'before', faults: 0 }, () => 1);
  const lease = createSyncLease({ ...directory, client: untouchable }, fakeClock());

  await expect(
    seedPool({ ...directory, client: untouchable }, parseRanges('10-11,0041-0043'), stored, lease),
  ).resolves.toMatchObject({ finished: true, added: 0 });
  await expect(pool()).resolves.toEqual({ UNUSED: ['0041', '0042', '0043', '10', '11'] });
});

test('adds extensions without changing those in use', async () => {
  await seed('10-12');
  const dueAt = '2026-12-01T08:00:00.000Z';
  const quarantined = { pool: 'extension', state: 'QUARANTINED', dueAt, gsi1pk: 'DUE' };
  await put({ pk: 'NUMBER#11', sk: 'NUMBER', ...quarantined, gsi1sk: `${dueAt}#11` });
  await put({ pk: 'NUMBER#14', sk: 'NUMBER', ...quarantined, gsi1sk: `${dueAt}#14` });

  await expect(seed('10-15')).resolves.toMatchObject({ added: 2, removed: 0 });
  await expect(pool()).resolves.toEqual({ UNUSED: ['10', '12', '13', '15'], QUARANTINED: ['11', '14'] });
});

test('removes unused extensions and reports those in use', async () => {
  await seed('10-19');
  const dueAt = '2026-12-01T08:00:00.000Z';
  await put({
    ...{ pk: 'NUMBER#19', sk: 'NUMBER', pool: 'extension', state: 'QUARANTINED', dueAt },
    ...{ gsi1pk: 'DUE', gsi1sk: `${dueAt}#19` },
  });

  await expect(seed('10-12')).resolves.toMatchObject({
    removed: 6,
    kept: { count: 1, extensions: ['19'] },
  });
  await expect(pool()).resolves.toEqual({ UNUSED: ['10', '11', '12'], QUARANTINED: ['19'] });
});

test('continues where it was interrupted, with any next range', async () => {
  for (const [range, killAt] of [
    ['10-29', 12],
    ['15-24', 4],
    ['10-39', 20],
    ['12-33', 4],
  ] as const) {
    const client = chaoticClient(directory.client, { killAt, side: 'after', faults: 0 }, () => 1);
    await expect(seed(range, {}, { ...directory, client })).rejects.toThrow(Killed);
    // The lease of the one that died.
    const Key = { pk: 'SYNC', sk: 'LEASE' };
    await directory.client.send(new DeleteCommand({ TableName: directory.table, Key }));
  }

  await expect(seed('11-30')).resolves.toMatchObject({ finished: true });
  await expect(pool()).resolves.toEqual({ UNUSED: [...parseRanges('11-30').numbers()] });
});

test('stops and reports it when time runs out', async () => {
  let chunks = 0;
  const stop = () => {
    chunks += 1;
    return chunks > 1;
  };

  await expect(seed('1000-3199', { stop })).resolves.toMatchObject({ finished: false, added: 2_000 });
  await expect(seed('1000-3199')).resolves.toMatchObject({ finished: true, added: 200 });
  expect((await pool()).UNUSED).toHaveLength(2_200);
});
