import type * as Observability from '#core/platform/observability.ts';

test('counts, levels and durations leave as one line of embedded metrics with the service as their dimension', () => {
  process.env.POWERTOOLS_METRICS_DISABLED = 'false';
  process.env.POWERTOOLS_DEV = 'true';
  const written = jest.spyOn(console, 'log').mockImplementation();
  const { count, gauge, duration, metrics } = jest.requireActual<typeof Observability>(
    '#core/platform/observability.ts',
  );

  count('Calls');
  gauge('ExtensionsUnused', 0);
  gauge('ExtensionsUnusedPercent', 12.5, 'Percent');
  duration('CallDuration', 3.5);
  metrics.publishStoredMetrics();

  expect(written).toHaveBeenCalledTimes(1);
  expect(JSON.parse(String(written.mock.calls[0]?.[0]))).toMatchObject({
    service: 'switchboard-test',
    Calls: 1,
    ExtensionsUnused: 0,
    ExtensionsUnusedPercent: 12.5,
    CallDuration: 3.5,
    _aws: { CloudWatchMetrics: [{ Namespace: 'Switchboard', Dimensions: [['service']] }] },
  });
});
