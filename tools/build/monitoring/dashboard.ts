// The dashboard: one row of widgets after the other, each row divided evenly.
import { ANSWER_STATUSES } from '@switchboard/core/flows';
import { ALARMS } from './alarms.ts';
import { apiMetric, functionMetric, type Metric, ownMetric, queueDepth, tableMetric } from './metrics.ts';

/** The resources of the template that the dashboard lists. */
export interface Resource {
  id: string;
  type: string;
  /** The template's condition under which the resource exists. */
  condition: string | undefined;
}

interface Shown {
  metric: Metric;
  label?: string;
  /** Another statistic than the widget's. */
  stat?: string;
  /** On the axis at the right. */
  right?: true;
}

interface Widget {
  title: string;
  stat: string;
  period?: number;
  stacked?: true;
  metrics: Shown[];
}

const COLUMNS = 24;
const ALARMS_HEIGHT = 4;
const HEIGHT = 6;

/** `caller-lookup` for `CallerLookupFunction`, the name of the function's folder. */
export const folderOf = (functionId: string): string =>
  functionId
    .replace(/Function$/, '')
    .replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `-${letter}`)
    .toLowerCase();

const shown = (name: string, label?: string, more: Omit<Shown, 'metric' | 'label'> = {}): Shown => ({
  metric: ownMetric(name),
  ...(label === undefined ? {} : { label }),
  ...more,
});

type FlowFunction = keyof typeof ANSWER_STATUSES;
const functionOf = (flowFunction: FlowFunction) => flowFunction.replace(/Arn$/, '');

const answers = (flowFunction: FlowFunction, prefix = ''): Shown[] =>
  ANSWER_STATUSES[flowFunction].map((status) =>
    shown(`Answers.${folderOf(functionOf(flowFunction))}.${status}`, `${prefix}${status}`),
  );

const latency = (flowFunction: FlowFunction): Widget => ({
  title: `Latency of ${folderOf(functionOf(flowFunction))} (ms)`,
  stat: 'p50',
  metrics: ['p50', 'p90', 'p99'].map((stat) => ({
    metric: functionMetric('Duration', functionOf(flowFunction)),
    stat,
    label: stat,
  })),
});

function rowsOf(resources: readonly Resource[]): Widget[][] {
  const ids = (type: string) => resources.filter((resource) => resource.type === type).map(({ id }) => id);
  const functions = ids('AWS::Serverless::Function');
  const tables = ids('AWS::DynamoDB::Table');
  const everyFunction = (name: string): Shown[] =>
    functions.map((id) => ({ metric: functionMetric(name, id), label: folderOf(id) }));
  const everyTable = (read: string, write: string): Shown[] =>
    tables.flatMap((id) => [
      { metric: tableMetric(read, id), label: `${id.replace(/Table$/, '')} reads` },
      { metric: tableMetric(write, id), label: `${id.replace(/Table$/, '')} writes` },
    ]);
  const lagOf = (id: string, label: string): Shown => ({ metric: functionMetric('IteratorAge', id), label });

  return [
    [
      {
        title: 'Calls',
        stat: 'Sum',
        metrics: [shown('Calls', 'answers'), shown('Degraded', 'DEGRADED')],
      },
      {
        title: 'Who is calling: answers of caller-lookup',
        stat: 'Sum',
        stacked: true,
        metrics: answers('CallerLookupFunctionArn'),
      },
      {
        title: 'Who to connect to: answers of extension-transfer and name-directory',
        stat: 'Sum',
        stacked: true,
        metrics: [
          ...answers('ExtensionTransferFunctionArn', 'number '),
          ...answers('NameDirectoryFunctionArn', 'name '),
        ],
      },
    ],
    [
      latency('CallerLookupFunctionArn'),
      latency('ExtensionTransferFunctionArn'),
      latency('NameDirectoryFunctionArn'),
    ],
    [
      { title: 'Errors of functions', stat: 'Sum', metrics: everyFunction('Errors') },
      { title: 'Throttles of functions', stat: 'Sum', metrics: everyFunction('Throttles') },
      {
        title: 'Throttles of tables',
        stat: 'Sum',
        metrics: everyTable('ReadThrottleEvents', 'WriteThrottleEvents'),
      },
    ],
    [
      {
        title: 'Results of syncs',
        stat: 'Sum',
        stacked: true,
        metrics: ['DONE', 'PARTIAL', 'REFUSED', 'BUSY', 'SKIPPED', 'FAILED'].map((status) =>
          shown(`Runs.agent-sync.${status}`, status),
        ),
      },
      {
        title: 'Duration of syncs (ms), and what they changed',
        stat: 'Sum',
        metrics: [
          shown('RunDuration.agent-sync', 'p50', { stat: 'p50' }),
          shown('RunDuration.agent-sync', 'longest', { stat: 'Maximum' }),
          ...[
            ...['AgentsAdded', 'AgentsUpdated', 'AgentsReassigned', 'AgentsRemoved'],
            ...['DirectNumbersAdded', 'DirectNumbersBlocked', 'DirectNumbersRemoved'],
          ].map((name) => shown(name, undefined, { right: true })),
        ],
      },
      {
        title: 'Pool of extensions',
        stat: 'Minimum',
        metrics: [
          shown('ExtensionsUnused', 'unused'),
          shown('AgentsWaiting', 'agents waiting'),
          shown('ExtensionsUnusedPercent', '% unused', { right: true }),
        ],
      },
    ],
    [
      {
        title: 'Lag of the streams (ms)',
        stat: 'Maximum',
        period: 60,
        metrics: [
          lagOf('ContactIndexerFunction', 'contacts'),
          lagOf('MessageDispatcherFunction', 'messages'),
          lagOf('AgentActivityFunction', 'agent events'),
        ],
      },
      {
        title: 'Records of streams',
        stat: 'Sum',
        metrics: [
          shown('StreamRecords', 'delivered'),
          shown('StreamFailures', 'to be delivered again'),
          shown('IndexRowsPut', 'index rows put'),
          shown('IndexRowsDeleted', 'index rows deleted'),
        ],
      },
      {
        title: 'Dead letters',
        stat: 'Maximum',
        period: 60,
        metrics: ids('AWS::SQS::Queue').map((id) => ({
          metric: queueDepth(id),
          label: folderOf(id.replace(/DeadLetters$/, '')),
        })),
      },
    ],
    [
      {
        title: 'REST API',
        stat: 'Sum',
        metrics: [
          { metric: apiMetric('Count'), label: 'requests' },
          { metric: apiMetric('4XXError'), label: '4xx' },
          { metric: apiMetric('5XXError'), label: '5xx' },
        ],
      },
      {
        title: 'Latency of the REST API (ms)',
        stat: 'p50',
        metrics: ['p50', 'p90', 'p99'].map((stat) => ({ metric: apiMetric('Latency'), stat, label: stat })),
      },
      {
        title: 'Units that tables used',
        stat: 'Sum',
        metrics: everyTable('ConsumedReadCapacityUnits', 'ConsumedWriteCapacityUnits'),
      },
    ],
    [
      {
        title: 'Text messages: accepted, and their outcomes',
        stat: 'Sum',
        metrics: [
          shown('MessagesAccepted', 'accepted'),
          shown('MessagesDuplicate', 'accepted before'),
          shown('MessagesSent', 'SENT'),
          shown('MessagesFailed', 'FAILED'),
          shown('MessagesUnknown', 'UNKNOWN'),
          shown('MessagesSuppressed', 'SUPPRESSED'),
          shown('MessagesStored', 'STORED'),
        ],
      },
      {
        title: 'Text messages: waiting, and inbound',
        stat: 'Sum',
        metrics: [
          shown('MessagesDelayed', 'had to wait'),
          shown('MessagesRefused', 'rejected until fixed'),
          shown('MessagesOverdue', 'oldest due (ms)', { stat: 'Maximum', right: true }),
          shown('MessagesDue', 'due', { stat: 'Maximum' }),
          shown('MessagesUnknownBacklog', 'UNKNOWN now', { stat: 'Maximum' }),
          shown('InboundTexts', 'inbound texts'),
          shown('OptOuts', 'STOP'),
          shown('OptIns', 'START'),
        ],
      },
      {
        title: 'Direct numbers and reservations',
        stat: 'Sum',
        metrics: [
          shown('DirectNumbersUnused', 'direct numbers unused', { stat: 'Minimum' }),
          shown('NumbersReserved', 'reserved'),
          shown('ReservedNumbersExpired', 'not chosen in time'),
        ],
      },
    ],
    [
      {
        title: 'Texts from flows: answers of flow-sms',
        stat: 'Sum',
        stacked: true,
        metrics: answers('FlowSmsFunctionArn'),
      },
      latency('FlowSmsFunctionArn'),
    ],
  ];
}

/** The resource of the dashboard. */
export function dashboardResource(resources: readonly Resource[]): string {
  const conditionOf = new Map(resources.map(({ id, condition }) => [id, condition]));
  const variables: string[] = [];

  /** A list of JSON; what exists under a condition becomes a variable that is empty without it. */
  function conditionalList(entries: { json: string; condition: string | undefined }[]): string {
    const always = entries.filter(({ condition }) => condition === undefined).map(({ json }) => json);
    const conditions = [...new Set(entries.flatMap(({ condition }) => condition ?? []))];
    const added = conditions.map((condition) => {
      const name = `Conditional${variables.length + 1}`;
      const some = entries.filter((entry) => entry.condition === condition).map(({ json }) => `,${json}`);
      variables.push(
        [
          `          ${name}: !If`,
          `            - ${condition}`,
          `            - !Sub '${some.join('')}'`,
          '            - ""',
        ].join('\n'),
      );
      return `\${${name}}`;
    });
    return `${always.join(',\n            ')}${added.join('')}`;
  }

  const alarms = conditionalList(ALARMS.map(({ id, condition }) => ({ json: `"\${${id}.Arn}"`, condition })));
  const widgets = [
    `{"type": "alarm", "x": 0, "y": 0, "width": ${COLUMNS}, "height": ${ALARMS_HEIGHT}, "properties": {"title": "Alarms", "alarms": [\n            ${alarms}]}}`,
    ...rowsOf(resources).flatMap((row, y) =>
      row.map((widget, x) => {
        const width = COLUMNS / row.length;
        const place = `"x": ${x * width}, "y": ${ALARMS_HEIGHT + y * HEIGHT}, "width": ${width}, "height": ${HEIGHT}`;
        const metrics = conditionalList(
          widget.metrics.map((entry) => ({
            json: metricJson(entry),
            condition: conditionOf.get(entry.metric.dimensions[0]?.ref?.split('.')[0] ?? ''),
          })),
        );
        const looks = [
          `"title": "${widget.title}", "region": "\${AWS::Region}", "view": "timeSeries"`,
          `"stat": "${widget.stat}", "period": ${widget.period ?? 300}`,
          ...(widget.stacked ? ['"stacked": true'] : []),
        ];
        return `{"type": "metric", ${place}, "properties": {${looks.join(', ')}, "metrics": [\n            ${metrics}]}}`;
      }),
    ),
  ];
  return [
    '  # Calls, answers, latency, errors, syncs, streams, the REST API, and text messages on one page.',
    '  Dashboard:',
    '    Type: AWS::CloudWatch::Dashboard',
    '    Properties:',
    '      # Dashboards of all Regions share one list.',
    `      DashboardName: !Sub \${AWS::StackName}-\${AWS::Region}`,
    '      DashboardBody: !Sub',
    '        - |',
    `          {"widgets": [\n          ${widgets.join(',\n          ')}\n          ]}`,
    ...variables.map((variable, position) =>
      position === 0 ? variable.replace(/^ {10}/, '        - ') : variable,
    ),
  ].join('\n');
}

function metricJson({ metric, label, stat, right }: Shown): string {
  const dimensions = metric.dimensions.map(({ name, ref, value }) => `"${name}", "${value ?? `\${${ref}}`}"`);
  const options = [
    stat && `"stat": "${stat}"`,
    label && `"label": "${label}"`,
    right && '"yAxis": "right"',
  ].filter(Boolean);
  const last = options.length > 0 ? `, {${options.join(', ')}}` : '';
  return `["${metric.namespace}", "${metric.name}", ${dimensions.join(', ')}${last}]`;
}
