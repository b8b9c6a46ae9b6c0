import type { InstanceNumber } from '#core/agent-sync/direct-numbers/instance.ts';
import { syncDirectNumbers } from '#core/agent-sync/direct-numbers/sync-direct-numbers.ts';
import { createSyncReport } from '#core/agent-sync/report.ts';
import { type DirectoryNumber, numberItem } from '#core/directory/numbers.ts';
import { UnavailableError } from '#core/platform/errors.ts';
import { logger } from '#core/platform/observability.ts';
import { OutOfTimeError } from '#core/platform/resilience/throttle.ts';
import { findDamage } from '#support/directory.ts';
import { agentWith, directNumbers, phonebookTable } from '#support/phonebook.ts';

const LONG_AGO = '2026-10-01T08:00:00.000Z';
const owner = { agentId: 'a1', arn: '', username: '', firstName: '', lastName: '' };
const many = directNumbers(12);
const [first = ''] = many;

/** Runs the sync once. The instance has these numbers, or fails with this error. */
async function run(
  rows: Record<string, unknown>[],
  instance: readonly string[] | Error,
  beforeWrite = async () => {},
) {
  const table = await phonebookTable(rows);
  const report = createSyncReport();
  const numbers = async (): Promise<InstanceNumber[]> => {
    if (instance instanceof Error) throw instance;
    return instance.map((number) => ({ number, phoneNumberId: `id-${number}`, answeredBy: 'DIRECT_FLOW' }));
  };
  const setup = {
    directory: { client: table.db.client, table: 'directory', sleep: async () => {} },
    ...{ clock: table.clock, deadline: table.clock.now() + 60_000, report, beforeWrite, quarantineDays: 30 },
  };
  const read = async () => ({ numbers: await numbers(), incomplete: 0, hasFlow: true });
  const result = syncDirectNumbers(setup, read, false);
  return { ...table, report, result, before: table.db.writes };
}

function ofInstance(number: string, status: object = { state: 'UNUSED' }) {
  return numberItem({ number, pool: 'direct', source: 'connect', ...status } as DirectoryNumber);
}

test.each([
  ['does not exist', []],
  ['has another number', agentWith('a1', { extension: '1000', directNumber: many[1] ?? '' })],
])('revokes a number that two runs did not find when its agent %s', async (_, agent) => {
  const missing = ofInstance(first, { state: 'ASSIGNED', owner, missingSince: LONG_AGO });
  const rest = many.slice(1).map((number) => ofInstance(number));
  const { result, report, number, db } = await run([missing, ...rest, ...agent], many.slice(1));

  expect(await result).toEqual({ kind: 'DONE' });

  expect(number(first)).toMatchObject({ state: 'BLOCKED', reason: 'NOT_IN_CONNECT' });
  expect(report.counts).toMatchObject({ numbersRevoked: 1, postponed: 0 });
  expect(findDamage(db.items)).toEqual([]);
});

test('stops before a write when the run lost its lease', async () => {
  const lost = async () => {
    throw new Error('Another run has the lease.');
  };
  const { result, db, before } = await run([], many, lost);

  await expect(result).rejects.toThrow('Another run has the lease.');

  expect(db.writes).toBe(before);
});

test('passes on that time ran out while it read from Connect', async () => {
  const { result, report } = await run([], new OutOfTimeError('OUT_OF_TIME', 'The time is over.'));

  await expect(result).rejects.toThrow(OutOfTimeError);

  expect(report.finish('PARTIAL').refused).toEqual([]);
});

test('changes nothing when Connect fails, and reports that the numbers were not read', async () => {
  jest.spyOn(logger, 'warn').mockImplementation();
  const { result, report, db, before } = await run(
    [ofInstance(first)],
    new UnavailableError('CONNECT_UNAVAILABLE', 'Connect failed.'),
  );

  expect(await result).toEqual({
    kind: 'NOT_READ',
    message: expect.stringContaining('could not be read (UnavailableError)'),
  });

  expect(report.finish('DONE').refused).toEqual([{ reason: 'NUMBERS_NOT_READ' }]);
  expect(db.writes).toBe(before);
});
