// Every alarm, once. `npm run template` writes the template's alarms, the dashboard, and the headings of the runbook
// from this table, and the cost model counts it.
import { apiMetric, functionMetric, type Metric, ownMetric, queueDepth, tableMetric } from './metrics.ts';

export interface Alarm {
  /** The logical ID in the template, and the heading in docs/operations.md. */
  id: string;
  /** What happened, in one sentence. CloudWatch sends it with the alarm. */
  description: string;
  /** Several metrics are added up. */
  metrics: readonly Metric[];
  /** What several metrics add up to. */
  label?: string;
  statistic: 'Sum' | 'Maximum' | 'Minimum' | 'SampleCount';
  /** Seconds. */
  period: number;
  /** How many periods in a row are evaluated; a parameter's name where the administrator decides. */
  periods: number | string;
  /** How many of these periods must exceed the threshold; all of them when it is absent. */
  datapoints?: number;
  comparison: 'GreaterThanThreshold' | 'LessThanThreshold';
  threshold: number;
  /** What a period without data means. */
  missing: 'notBreaching' | 'breaching' | 'ignore';
  /** The template's condition under which the alarm exists. */
  condition?: string;
}

const ABOVE_ZERO = { comparison: 'GreaterThanThreshold', threshold: 0, missing: 'notBreaching' } as const;

/** At least one message is in a dead-letter queue. */
const deadLetters = (queueId: string, period = 60) => ({
  metrics: [queueDepth(queueId)],
  statistic: 'Maximum' as const,
  period,
  periods: 1,
  ...ABOVE_ZERO,
});

/** For five minutes, a function that reads a stream is behind by more than this many milliseconds. */
const lag = (functionId: string, milliseconds: number) => ({
  metrics: [functionMetric('IteratorAge', functionId)],
  statistic: 'Maximum' as const,
  period: 60,
  periods: 5,
  ...ABOVE_ZERO,
  threshold: milliseconds,
});

/** A function failed at least once in a minute. */
const errors = (functionId: string) => ({
  metrics: [functionMetric('Errors', functionId)],
  statistic: 'Sum' as const,
  period: 60,
  periods: 1,
  ...ABOVE_ZERO,
});

/** A metric of our own, in periods of five minutes. */
const own = (name: string, statistic: Alarm['statistic'] = 'Sum', periods = 1) => ({
  metrics: [ownMetric(name)],
  statistic,
  period: 300,
  periods,
  ...ABOVE_ZERO,
});

const FLOW_FUNCTIONS = [
  'CallerLookupFunction',
  'ExtensionTransferFunction',
  'NameDirectoryFunction',
  'FlowSmsFunction',
];
const TABLES = ['DirectoryTable', 'ContactsTable', 'LookupTable', 'MessagesTable', 'IdempotencyTable'];

/** In the order of the runbook: what callers notice first. */
export const ALARMS: readonly Alarm[] = [
  {
    id: 'CallerLookupErrorsAlarm',
    description: 'caller-lookup failed. Callers took the Error branch of the flow.',
    ...errors('CallerLookupFunction'),
  },
  {
    id: 'ExtensionTransferErrorsAlarm',
    description: 'extension-transfer failed. Callers took the Error branch of the flow.',
    ...errors('ExtensionTransferFunction'),
  },
  {
    id: 'NameDirectoryErrorsAlarm',
    description: 'name-directory failed. Callers took the Error branch of the flow.',
    ...errors('NameDirectoryFunction'),
  },
  {
    id: 'FlowSmsErrorsAlarm',
    description: 'flow-sms failed. Callers took the Error branch of the flow and got no text.',
    ...errors('FlowSmsFunction'),
  },
  {
    id: 'FlowThrottlesAlarm',
    description: 'Lambda throttled a function that flows invoke. Callers may have taken the Error branch.',
    metrics: FLOW_FUNCTIONS.map((id) => functionMetric('Throttles', id)),
    label: 'Throttles of the functions that flows invoke',
    statistic: 'Sum',
    period: 60,
    periods: 1,
    ...ABOVE_ZERO,
  },
  {
    id: 'DegradedAlarm',
    description: 'DynamoDB did not answer in time. Switchboard answered lookups with DEGRADED.',
    ...own('Degraded'),
    period: 60,
    periods: 3,
    threshold: 5,
  },
  {
    id: 'TableThrottlesAlarm',
    description: 'DynamoDB throttled a table for three minutes.',
    metrics: TABLES.flatMap((id) => [
      tableMetric('ReadThrottleEvents', id),
      tableMetric('WriteThrottleEvents', id),
    ]),
    label: 'Throttled requests of all tables',
    statistic: 'Sum',
    period: 60,
    periods: 3,
    ...ABOVE_ZERO,
    threshold: 10,
  },
  {
    id: 'TableErrorsAlarm',
    description: 'DynamoDB returned internal errors while Switchboard read data for calls.',
    metrics: [
      tableMetric('SystemErrors', 'LookupTable', 'Query'),
      tableMetric('SystemErrors', 'ContactsTable', 'Query'),
      tableMetric('SystemErrors', 'DirectoryTable', 'GetItem'),
      tableMetric('SystemErrors', 'DirectoryTable', 'Query'),
    ],
    label: 'System errors of reads',
    statistic: 'Sum',
    period: 60,
    periods: 3,
    ...ABOVE_ZERO,
    threshold: 5,
  },
  {
    id: 'IndexDeadLettersAlarm',
    description: 'Changes of contacts could not be indexed. Rebuild the index.',
    ...deadLetters('ContactIndexerDeadLetters'),
  },
  {
    id: 'IndexLagAlarm',
    description: 'The lookup index is more than a minute behind the contacts.',
    ...lag('ContactIndexerFunction', 60_000),
  },
  {
    id: 'SyncRefusedAlarm',
    description:
      'Connect returned far fewer users or numbers than the directory has. The sync changed nothing.',
    ...own('SyncRefused'),
  },
  {
    id: 'SyncOverdueAlarm',
    description: 'No full sync has ended for a while. New agents have no extension.',
    // Only a full sync reports how many extensions are unused.
    ...own('ExtensionsUnused', 'SampleCount'),
    period: 3600,
    periods: 'SyncOverdueHours',
    comparison: 'LessThanThreshold',
    threshold: 1,
    missing: 'breaching',
  },
  {
    id: 'SyncDeadLettersAlarm',
    description: 'The agent sync failed every retry.',
    ...deadLetters('AgentSyncDeadLetters', 300),
  },
  {
    id: 'NumberExpiryDeadLettersAlarm',
    description: 'number-expiry failed every retry.',
    ...deadLetters('NumberExpiryDeadLetters', 300),
  },
  {
    id: 'PoolLowAlarm',
    description: 'Less than 10 % of the extensions are unused. Extend the range.',
    ...own('ExtensionsUnusedPercent', 'Minimum'),
    comparison: 'LessThanThreshold',
    threshold: 10,
    missing: 'ignore',
  },
  {
    id: 'AgentsWaitingAlarm',
    description: 'Agents wait for an extension, because none is unused. Extend the range.',
    ...own('AgentsWaiting', 'Maximum'),
    missing: 'ignore',
  },
  {
    id: 'ActivityDeadLettersAlarm',
    description: 'Agent events could not be read or stored.',
    condition: 'FollowsAgents',
    ...deadLetters('AgentActivityDeadLetters'),
  },
  {
    id: 'ActivityLagAlarm',
    description: 'The status of agents is more than two minutes behind.',
    condition: 'FollowsAgents',
    ...lag('AgentActivityFunction', 120_000),
  },
  {
    id: 'MessagesUnknownAlarm',
    description: 'The outcome of text messages is unknown. A person must resolve them.',
    ...own('MessagesUnknownBacklog', 'Maximum'),
    missing: 'ignore',
  },
  {
    id: 'MessagesFailedAlarm',
    description: 'More than ten text messages failed permanently in five minutes.',
    ...own('MessagesFailed'),
    threshold: 10,
  },
  {
    id: 'MessagesRefusedAlarm',
    description:
      'AWS End User Messaging rejects text messages until you fix a permission, a budget, or credentials.',
    // A rejected text is tried again after 15 minutes at most.
    ...own('MessagesRefused', 'Sum', 4),
    datapoints: 1,
  },
  {
    id: 'MessagesOverdueAlarm',
    description: 'Text messages are more than ten minutes late.',
    ...own('MessagesOverdue', 'Minimum', 2),
    threshold: 600_000,
  },
  {
    id: 'DispatchLagAlarm',
    description: 'The dispatcher of text messages is more than two minutes behind.',
    ...lag('MessageDispatcherFunction', 120_000),
  },
  {
    id: 'SmsInboundDeadLettersAlarm',
    description: 'Inbound text messages could not be read. Among them may be an opt-out.',
    ...deadLetters('SmsInboundDeadLetters'),
  },
  {
    id: 'DispatchDeadLettersAlarm',
    description: 'The dispatcher of text messages failed every retry. Texts may be late.',
    ...deadLetters('MessageDispatcherDeadLetters'),
  },
  {
    id: 'ApiErrorsAlarm',
    description: 'The REST API answered with 5xx.',
    metrics: [apiMetric('5XXError')],
    statistic: 'Sum',
    period: 300,
    periods: 1,
    ...ABOVE_ZERO,
  },
];

/** How many metrics the alarms watch. CloudWatch charges for each. */
export const alarmMetrics = (): number => ALARMS.reduce((total, { metrics }) => total + metrics.length, 0);

const MILLISECOND_METRICS = new Set(['IteratorAge', 'MessagesOverdue']);

/** When an alarm starts, as the runbook says it: `IteratorAge (maximum) is above 60,000 for 5 minutes`. */
export function triggerOf({
  metrics,
  label,
  statistic,
  period,
  periods,
  datapoints,
  ...alarm
}: Alarm): string {
  const what = label ?? `\`${metrics[0]?.name}\``;
  const unit = MILLISECOND_METRICS.has(metrics[0]?.name ?? '') ? ' ms' : '';
  const relation = alarm.comparison === 'GreaterThanThreshold' ? 'above' : 'below';
  const kind = { Sum: 'sum', Maximum: 'maximum', Minimum: 'minimum', SampleCount: 'number of reports' }[
    statistic
  ];
  const time =
    typeof periods === 'string'
      ? `in each of \`${periods}\` hours`
      : datapoints === undefined && periods > 1
        ? `in each of ${periods} periods of ${spoken(period)}`
        : `within ${spoken(period * periods)}`;
  const missing = alarm.missing === 'breaching' ? ', or there is no data' : '';
  return `${what} (${kind}) is ${relation} ${alarm.threshold.toLocaleString('en-US')}${unit} ${time}${missing}.`;
}

function spoken(seconds: number): string {
  const minutes = seconds / 60;
  return minutes === 1 ? '1 minute' : `${minutes} minutes`;
}
