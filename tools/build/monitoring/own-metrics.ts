// Every metric that the code publishes. docs/operations.md lists them, and the cost model counts them.
import { ANSWER_STATUSES } from '@switchboard/core/flows';
import { folderOf } from './dashboard.ts';

interface MetricRow {
  names: string[];
  /** The functions that publish them. */
  by: string;
  meaning: string;
}

/** The functions that run on a schedule or an event, and how a run can end. */
export const RUN_STATUSES: Record<string, readonly string[]> = {
  'agent-sync': ['DONE', 'PARTIAL', 'REFUSED', 'BUSY', 'SKIPPED', 'FAILED'],
  'number-expiry': ['DONE', 'PARTIAL', 'FAILED'],
  'sms-inbound': ['DONE', 'FAILED'],
  'message-dispatcher': ['DONE', 'PARTIAL', 'FAILED'],
};

/** Metrics with a fixed name. */
export const OWN_METRICS: readonly MetricRow[] = [
  {
    names: ['Calls', 'CallDuration', 'Degraded'],
    by: 'flow functions',
    meaning: 'invocations, milliseconds, answers with `DEGRADED`',
  },
  { names: ['ApiRequests', 'ApiDuration'], by: 'REST API', meaning: 'requests, milliseconds' },
  {
    names: ['StreamRecords', 'StreamFailures'],
    by: 'contact-indexer, agent-activity, message-dispatcher',
    meaning: 'records delivered, records to be delivered again',
  },
  {
    names: ['IndexRowsPut', 'IndexRowsDeleted'],
    by: 'contact-indexer',
    meaning: 'rows written to the index, and deleted from it',
  },
  {
    names: ['MessagesSent', 'MessagesStored', 'MessagesFailed', 'MessagesSuppressed', 'MessagesUnknown'],
    by: 'message-dispatcher',
    meaning: 'text messages by outcome',
  },
  {
    names: ['MessagesDelayed'],
    by: 'message-dispatcher',
    meaning: 'times that a message had to wait: for its turn, for the end of quiet hours, or after a refusal',
  },
  {
    names: ['MessagesRefused'],
    by: 'message-dispatcher',
    meaning: 'refusals that last until you fix their cause',
  },
  {
    names: ['MessagesOverdue'],
    by: 'message-dispatcher',
    meaning: 'once a minute: for how many milliseconds the oldest due message has been due',
  },
  {
    names: ['MessagesAccepted', 'MessagesDuplicate'],
    by: 'messages-api, flow-sms',
    meaning: 'text messages accepted, and requests for a message that was already accepted',
  },
  {
    names: ['MessagesDue', 'MessagesUnknownBacklog'],
    by: 'message-dispatcher',
    meaning:
      'once a minute: messages that were due and that no run had reached, messages that are UNKNOWN and wait for a person (1,000 at most)',
  },
  { names: ['NumbersReserved'], by: 'phonebook-api', meaning: 'numbers that were reserved' },
  {
    names: ['InboundTexts', 'OptOuts', 'OptIns'],
    by: 'sms-inbound',
    meaning: 'inbound text messages, opt-outs, opt-ins',
  },
  {
    names: ['AgentStatusesWritten', 'AgentChangesWritten'],
    by: 'agent-activity',
    meaning: 'statuses written, changes added to the history',
  },
  {
    names: ['AgentEventsMalformed', 'AgentEventsOfOtherInstances'],
    by: 'agent-activity',
    meaning: 'records that are not agent events, events of another instance in the same stream',
  },
  {
    names: ['AgentStatusReadFailed'],
    by: 'extension-transfer',
    meaning: 'statuses that could not be read in time; the calls were transferred without them',
  },
  {
    names: ['AgentsAdded', 'AgentsUpdated', 'AgentsReassigned', 'AgentsRemoved', 'SyncItemsRefused'],
    by: 'agent-sync',
    meaning: 'changes of agents, and requested changes that were not made',
  },
  {
    names: ['DirectNumbersAdded', 'DirectNumbersBlocked', 'DirectNumbersRemoved'],
    by: 'agent-sync',
    meaning: 'direct numbers that the instance has, that can no longer be assigned, that it no longer has',
  },
  {
    names: ['SyncRefused'],
    by: 'agent-sync',
    meaning: '1 when the sync did not accept the answer of Connect',
  },
  {
    names: ['DirectNumbersNotRead'],
    by: 'agent-sync',
    meaning: 'runs that could not read the phone numbers of the instance; agents were synchronized anyway',
  },
  {
    names: ['ExtensionsUnused', 'ExtensionsUnusedPercent', 'AgentsWaiting', 'DirectNumbersUnused'],
    by: 'agent-sync',
    meaning: 'the state of the pools',
  },
  {
    names: ['QuarantinesEnded', 'ReservedNumbersExpired', 'WaitingAgentsAssigned'],
    by: 'number-expiry',
    meaning:
      'numbers that left quarantine, reserved numbers that expired, waiting agents who got an extension',
  },
];

/** Metrics whose names contain a function and how it ended. */
const COMPOSED = [
  ...Object.entries(ANSWER_STATUSES).flatMap(([flowFunction, statuses]) =>
    statuses.map((status) => `Answers.${folderOf(flowFunction.replace(/Arn$/, ''))}.${status}`),
  ),
  ...Object.entries(RUN_STATUSES).flatMap(([name, statuses]) => [
    `RunDuration.${name}`,
    ...statuses.map((status) => `Runs.${name}.${status}`),
  ]),
];

/** The names of all metrics in the namespace `Switchboard`. */
export const ownMetricNames = (): Set<string> =>
  new Set([...OWN_METRICS.flatMap(({ names }) => names), ...COMPOSED]);

/** The table in docs/operations.md. */
export function metricsTable(): string {
  const runs = Object.keys(RUN_STATUSES).join(', ');
  const rows: MetricRow[] = [
    ...OWN_METRICS.slice(0, 1),
    {
      names: ['Answers.<function>.<status>'],
      by: 'flow functions',
      meaning: 'answers by status: `Answers.caller-lookup.FOUND`',
    },
    {
      names: ['Runs.<function>.<status>', 'RunDuration.<function>'],
      by: runs,
      meaning: 'runs by result (`FAILED` when a run threw an error), milliseconds',
    },
    ...OWN_METRICS.slice(1),
  ];
  return [
    '| metric | published by | meaning |',
    '| --- | --- | --- |',
    ...rows.map(
      ({ names, by, meaning }) => `| ${names.map((name) => `\`${name}\``).join(', ')} | ${by} | ${meaning} |`,
    ),
  ].join('\n');
}
