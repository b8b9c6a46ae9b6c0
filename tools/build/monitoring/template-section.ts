// The alarms of template.yaml, as text: CloudFormation has no aliases, so what all alarms share is written by a program.
import { ALARMS, type Alarm, triggerOf } from './alarms.ts';
import type { Dimension, Metric } from './metrics.ts';

const ACTIONS = [
  '        - !If [HasAlarmEmail, !Ref AlarmTopic, !Ref AWS::NoValue]',
  '        - !If [HasAlarmTopicArn, !Ref AlarmTopicArn, !Ref AWS::NoValue]',
];

/** The resources of all alarms. */
export function alarmResources(): string {
  return ALARMS.map(alarmResource).join('\n\n');
}

function alarmResource(alarm: Alarm): string {
  const { id, description, condition, metrics, label, periods, datapoints } = alarm;
  const [metric] = metrics;
  const single = metrics.length === 1 && metric !== undefined;
  return lines([
    `  # ${triggerOf(alarm).replaceAll('`', '')}`,
    `  ${id}:`,
    '    Type: AWS::CloudWatch::Alarm',
    condition && `    Condition: ${condition}`,
    '    Properties:',
    `      AlarmDescription: ${scalar(`${description} See docs/operations.md.`)}`,
    ...(single
      ? [
          `      Namespace: ${metric.namespace}`,
          `      MetricName: ${metric.name}`,
          dimensionLines(metric, '      '),
          `      Statistic: ${alarm.statistic}`,
          `      Period: ${alarm.period}`,
        ]
      : [
          '      Metrics:',
          `        - { Id: all, Label: ${scalar(label ?? '')}, Expression: "SUM(METRICS())" }`,
          ...metrics.map((added, position) => addedMetric(added, position, alarm)),
        ]),
    `      EvaluationPeriods: ${typeof periods === 'string' ? `!Ref ${periods}` : periods}`,
    datapoints !== undefined && `      DatapointsToAlarm: ${datapoints}`,
    `      Threshold: ${alarm.threshold}`,
    `      ComparisonOperator: ${alarm.comparison}`,
    `      TreatMissingData: ${alarm.missing}`,
    '      AlarmActions:',
    ...ACTIONS,
    '      OKActions:',
    ...ACTIONS,
  ]);
}

function addedMetric(metric: Metric, position: number, { statistic, period }: Alarm): string {
  return lines([
    `        - Id: m${position + 1}`,
    '          ReturnData: false',
    '          MetricStat:',
    `            Stat: ${statistic}`,
    `            Period: ${period}`,
    '            Metric:',
    `              Namespace: ${metric.namespace}`,
    `              MetricName: ${metric.name}`,
    dimensionLines(metric, '              '),
  ]);
}

function dimensionLines({ dimensions }: Metric, indent: string): string {
  const entries = dimensions.map(
    (dimension) => `{ Name: ${dimension.name}, Value: ${referenceTo(dimension)} }`,
  );
  if (entries.length === 1) return `${indent}Dimensions: [${entries}]`;
  return lines([`${indent}Dimensions:`, ...entries.map((entry) => `${indent}  - ${entry}`)]);
}

function referenceTo({ ref = '', value }: Dimension): string {
  if (value !== undefined) return value;
  return ref.includes('.') ? `!GetAtt ${ref}` : `!Ref ${ref}`;
}

/** Quoted where YAML would read a plain text otherwise. */
const scalar = (text: string) => (/[:#"'{}[\],&*?|>%@`]/.test(text) ? quoted(text) : text);
const quoted = (text: string) => (text.includes('"') ? `'${text}'` : `"${text}"`);

const lines = (parts: (string | false | undefined)[]) => parts.filter(Boolean).join('\n');
