import type { Context } from 'aws-lambda';
import { UnavailableError } from '#core/platform/errors.ts';
import { createScheduledHandler } from '#core/platform/handlers/scheduled.ts';
import { count, logger, metrics } from '#core/platform/observability.ts';

const context = {} as Context;

test('returns the result and logs its status and counts, and nothing else of it', async () => {
  const logged = jest.spyOn(logger, 'info').mockImplementation();
  const result = { status: 'DONE', counts: { added: 2 }, changes: ['jane.roe'] };
  const handler = createScheduledHandler('agent-sync', async () => result);

  await expect(handler({}, context)).resolves.toEqual(result);
  expect(logged).toHaveBeenCalledWith('done', { status: 'DONE', counts: { added: 2 } });
});

test('throws on failure, so that Lambda tries again and then keeps the event, without the foreign message', async () => {
  const logged = jest.spyOn(logger, 'error').mockImplementation();
  const handler = createScheduledHandler('agent-sync', () =>
    Promise.reject(new Error('user jane.roe is odd')),
  );

  const error = await handler({}, context).catch((thrown) => thrown);

  expect(error.message).toContain('agent-sync');
  expect(`${error.stack}`).not.toContain('jane.roe');
  expect(JSON.stringify(logged.mock.calls)).not.toContain('jane.roe');
});

test('logs the message of an error of ours', async () => {
  const logged = jest.spyOn(logger, 'error').mockImplementation();
  const handler = createScheduledHandler('agent-sync', () =>
    Promise.reject(new UnavailableError('UNAVAILABLE', 'Connect did not answer.')),
  );

  await expect(handler({}, context)).rejects.toThrow();
  expect(JSON.stringify(logged.mock.calls)).toContain('Connect did not answer.');
});

test.each([
  ['succeeds', 1],
  ['fails', 0],
])('publishes its metrics when it %s', async (_, added) => {
  jest.spyOn(logger, 'error').mockImplementation();
  const published = jest.spyOn(metrics, 'publishStoredMetrics');

  const handler = createScheduledHandler('agent-sync', async () => {
    count('AgentsAdded', added);
    if (added === 0) throw new Error('no');
    return { status: 'DONE', counts: { added } };
  });
  await handler({}, context).catch(() => undefined);

  expect(published).toHaveBeenCalled();
});

test.each([
  ['ends', async () => ({ status: 'PARTIAL', counts: {} }), 'Runs.agent-sync.PARTIAL'],
  ['fails', () => Promise.reject(new Error('user jane.roe is odd')), 'Runs.agent-sync.FAILED'],
])('counts how a run %s, and measures how long it took', async (_, run, name) => {
  jest.spyOn(logger, 'error').mockImplementation();
  const added = jest.spyOn(metrics, 'addMetric');

  await createScheduledHandler('agent-sync', run)({}, context).catch(() => undefined);

  expect(added.mock.calls.map(([metric]) => metric)).toEqual([name, 'RunDuration.agent-sync']);
});
