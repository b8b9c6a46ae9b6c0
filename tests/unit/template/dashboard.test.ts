import {
  ANSWER_STATUSES,
  faultIn,
  type Metric,
  ownMetrics,
  RUN_STATUSES,
} from '#support/published-metrics.ts';
import { root } from '#support/root.ts';
import { list } from '#support/template.ts';
import { isObject, type JsonObject, objectAt, textAt } from '#tools/json.ts';
import { readTemplate } from '#tools/local/template/index.ts';

const EVENTS = 'arn:aws:kinesis:eu-central-1:111122223333:stream/agents';

describe.each([
  ['with an agent event stream', { AgentEventStreamArn: EVENTS }],
  ['without an agent event stream', { AgentEventStreamArn: '' }],
])('the dashboard %s', (_, parameters) => {
  const template = readTemplate(root, { parameters });
  const [dashboard] = template.ofType('AWS::CloudWatch::Dashboard');
  const widgets = (): JsonObject[] =>
    list(JSON.parse(String(dashboard?.properties.DashboardBody)).widgets).filter(isObject);
  const metrics = () =>
    widgets().flatMap((widget) => list(objectAt(widget, 'properties').metrics).map(metricOf));
  const ids = (type: string) => template.ofType(type).map(({ logicalId }) => logicalId);
  const shown = (dimension: string) => new Set(metrics().map(({ dimensions }) => dimensions[dimension]));

  test('is JSON, and its widgets do not overlap on the grid of 24 columns', () => {
    const taken = new Set<string>();
    for (const { x, y, width, height } of widgets()) {
      expect(Number(x) + Number(width)).toBeLessThanOrEqual(24);
      for (let column = Number(x); column < Number(x) + Number(width); column += 1) {
        for (let row = Number(y); row < Number(y) + Number(height); row += 1) {
          expect(taken).not.toContain(`${column} ${row}`);
          taken.add(`${column} ${row}`);
        }
      }
    }
    expect(String(dashboard?.properties.DashboardName)).toMatch(/^[A-Za-z0-9_-]{1,255}$/);
  });

  test('shows only metrics that the code publishes, or AWS for a resource in the template', () => {
    expect(
      metrics()
        .map((metric) => faultIn(metric))
        .filter((fault) => fault !== undefined),
    ).toEqual([]);
    for (const widget of widgets().filter(({ type }) => type === 'metric')) {
      expect(textAt(objectAt(widget, 'properties'), 'region')).toBe('eu-central-1');
    }
  });

  test('shows the errors and throttles of every function', () => {
    for (const name of ['Errors', 'Throttles']) {
      const functions = metrics().filter(
        (metric) => metric.namespace === 'AWS/Lambda' && metric.name === name,
      );
      expect(functions.map(({ dimensions }) => dimensions.FunctionName).sort()).toEqual(
        ids('AWS::Serverless::Function').sort(),
      );
    }
  });

  test('shows every dead-letter queue, every table, and the lag of every stream', () => {
    expect([...shown('QueueName')].filter(Boolean).sort()).toEqual(ids('AWS::SQS::Queue').sort());
    expect([...shown('TableName')].filter(Boolean).sort()).toEqual(ids('AWS::DynamoDB::Table').sort());
    const followed = template
      .ofType('AWS::Serverless::Function')
      .filter(({ properties }) =>
        Object.values(objectAt(properties, 'Events')).some(
          (event) => isObject(event) && ['DynamoDB', 'Kinesis'].includes(String(event.Type)),
        ),
      );
    expect(
      metrics()
        .filter(({ name }) => name === 'IteratorAge')
        .map(({ dimensions }) => dimensions.FunctionName)
        .sort(),
    ).toEqual(followed.map(({ logicalId }) => logicalId).sort());
  });

  test('shows every outcome of a call and every result of a sync', () => {
    const names = new Set(metrics().map(({ name }) => name));
    const outcomes = [...ownMetrics()].filter((name) => /^(Answers\.|Runs\.agent-sync\.)/.test(name));

    expect(outcomes.filter((name) => !names.has(name))).toEqual([]);
    expect(names).toEqual(new Set([...names, 'ExtensionsUnused', 'ExtensionsUnusedPercent', 'Calls']));
  });

  test('shows p50, p90, and p99 of the functions that callers wait for', () => {
    for (const folder of Object.keys(ANSWER_STATUSES)) {
      const id = `${folder.replace(/(^|-)([a-z])/g, (__, ___, letter: string) => letter.toUpperCase())}Function`;
      const stats = metrics()
        .filter(({ name, dimensions }) => name === 'Duration' && dimensions.FunctionName === id)
        .map(({ stat }) => stat);
      expect(stats).toEqual(['p50', 'p90', 'p99']);
    }
    expect(Object.keys(RUN_STATUSES)).toContain('agent-sync');
  });

  test('shows the state of every alarm', () => {
    const alarms = widgets()
      .filter(({ type }) => type === 'alarm')
      .flatMap((widget) => list(objectAt(widget, 'properties').alarms));

    expect(alarms.map(String).sort()).toEqual(
      ids('AWS::CloudWatch::Alarm')
        .map((id) => `arn:aws:cloudwatch:eu-central-1:111122223333:alarm:${id}`)
        .sort(),
    );
  });
});

/** `[namespace, name, dimension, value, …, {options}]` */
function metricOf(written: unknown): Metric & { stat: unknown } {
  const parts = list(written);
  const options = parts.find(isObject);
  const [namespace, name, ...pairs] = parts.filter((part) => !isObject(part)).map(String);
  const dimensions: Record<string, string> = {};
  for (let at = 0; at < pairs.length; at += 2) dimensions[pairs[at] ?? ''] = pairs[at + 1] ?? '';
  return { namespace: namespace ?? '', name: name ?? '', dimensions, stat: options?.stat };
}
