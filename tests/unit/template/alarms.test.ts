import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { faultIn, type Metric } from '#support/published-metrics.ts';
import { root } from '#support/root.ts';
import { list, ofType } from '#support/template.ts';
import { isObject, objectAt } from '#tools/json.ts';
import { readTemplate } from '#tools/local/template/index.ts';

const EVENTS = 'arn:aws:kinesis:eu-central-1:111122223333:stream/agents';
const alarmIds = ofType('AWS::CloudWatch::Alarm').map(([id]) => id);
const runbook = readFileSync(join(root, 'docs/operations.md'), 'utf8');

const evaluated = new Map<string, ReturnType<typeof readAlarms>>();

/** Evaluating the template takes a tenth of a second, and every alarm asks for the same few sets of parameters. */
function alarmsOf(parameters: Record<string, string>) {
  const key = JSON.stringify(parameters);
  const alarms = evaluated.get(key) ?? readAlarms(parameters);
  evaluated.set(key, alarms);
  return alarms;
}

function readAlarms(parameters: Record<string, string>) {
  return readTemplate(root, { parameters: { AgentEventStreamArn: EVENTS, ...parameters } }).ofType(
    'AWS::CloudWatch::Alarm',
  );
}

describe.each(alarmIds)('%s', (id) => {
  const actions = (parameters: Record<string, string>) => {
    const { properties = {} } = alarmsOf(parameters).find(({ logicalId }) => logicalId === id) ?? {};
    return [properties.AlarmActions, properties.OKActions];
  };

  test('notifies no one if both parameters are empty', () => expect(actions({})).toEqual([[], []]));

  test('notifies an email address, a topic, or both, when it starts and when it ends', () => {
    const topic = 'arn:aws:sns:eu-central-1:111122223333:AlarmTopic';
    const AlarmTopicArn = 'arn:aws:sns:eu-central-1:111122223333:on-call';
    const AlarmEmail = 'operations@example.com';

    expect(actions({ AlarmEmail })).toEqual([[topic], [topic]]);
    expect(actions({ AlarmTopicArn })).toEqual([[AlarmTopicArn], [AlarmTopicArn]]);
    expect(actions({ AlarmEmail, AlarmTopicArn })).toEqual([
      [topic, AlarmTopicArn],
      [topic, AlarmTopicArn],
    ]);
  });

  test('watches published metrics of resources in the template', () => {
    const { properties = {} } = alarmsOf({}).find(({ logicalId }) => logicalId === id) ?? {};
    const watched = metricsOf(properties);

    expect(watched.length).toBeGreaterThan(0);
    expect(watched.map((metric) => faultIn(metric)).filter((fault) => fault !== undefined)).toEqual([]);
  });

  test('has a section in the runbook', () => expect(headings()).toContain(id));
});

test('every alarm in the runbook is in the template', () => {
  expect(headings().filter((heading) => heading.endsWith('Alarm') && !alarmIds.includes(heading))).toEqual(
    [],
  );
  const named = [...runbook.matchAll(/\b[A-Z]\w+Alarm\b/g)].map(([name]) => name);
  expect(named.filter((name) => !alarmIds.includes(name))).toEqual([]);
});

test('the stack has a topic with a subscription only if there is an email address', () => {
  const topics = (parameters: Record<string, string>) =>
    readTemplate(root, { parameters })
      .ofType('AWS::SNS::Topic')
      .filter(({ logicalId }) => logicalId === 'AlarmTopic');

  expect(topics({ AlarmTopicArn: 'arn:aws:sns:eu-central-1:111122223333:on-call' })).toEqual([]);
  expect(topics({ AlarmEmail: 'operations@example.com' })[0]?.properties).toMatchObject({
    Subscription: [{ Protocol: 'email', Endpoint: 'operations@example.com' }],
  });
});

test.each([
  'nobody',
  'a@b@example.com',
  'two@example.com, other@example.com',
  'x@example',
  '<a@example.com>',
])('rejects "%s" as an email address', (AlarmEmail) =>
  expect(() => readTemplate(root, { parameters: { AlarmEmail } })).toThrow('AlarmEmail'),
);

/** A heading of the runbook names one alarm or several. */
function headings(): string[] {
  return [...runbook.matchAll(/^### (.+)$/gm)].flatMap(([, heading = '']) => heading.split(', '));
}

/** The metric of an alarm, or the metrics that it adds. */
function metricsOf(properties: Record<string, unknown>): Metric[] {
  const single = isObject(properties) && 'MetricName' in properties ? [properties] : [];
  const added = list(properties.Metrics)
    .map((entry) => objectAt(objectAt(entry, 'MetricStat'), 'Metric'))
    .filter(({ MetricName }) => MetricName !== undefined);
  return [...single, ...added].map((metric) => ({
    namespace: String(metric.Namespace),
    name: String(metric.MetricName),
    dimensions: Object.fromEntries(
      list(metric.Dimensions)
        .filter(isObject)
        .map(({ Name, Value }) => [String(Name), String(Value)]),
    ),
  }));
}
