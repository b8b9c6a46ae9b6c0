// Which metrics there are: those that AWS publishes for resources of the template, and our own.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { buildCallerAnswer } from '@switchboard/core/contacts/lookup';
import type { SyncResult } from '#core/agent-sync/report.ts';
import type { FlowSmsResponse } from '#core/messages/flow/flow-sms.ts';
import { LOCAL, readTemplate, type Template } from '#tools/local/template/index.ts';
import { root } from './root.ts';

export interface Metric {
  namespace: string;
  name: string;
  dimensions: Record<string, string>;
}

/**
 * The metrics that AWS documents for the namespaces we use, with the dimensions to ask for them by: "Metrics" in the
 * guides of Lambda, SQS, DynamoDB and API Gateway.
 */
const BY_AWS: Record<string, { names: string[]; dimensions: string[][] }[]> = {
  'AWS/Lambda': [
    { names: ['Duration', 'Errors', 'Throttles', 'IteratorAge'], dimensions: [['FunctionName']] },
  ],
  'AWS/SQS': [{ names: ['ApproximateNumberOfMessagesVisible'], dimensions: [['QueueName']] }],
  'AWS/DynamoDB': [
    {
      names: [
        'ReadThrottleEvents',
        'WriteThrottleEvents',
        'ConsumedReadCapacityUnits',
        'ConsumedWriteCapacityUnits',
      ],
      dimensions: [['TableName']],
    },
    { names: ['SystemErrors'], dimensions: [['TableName', 'Operation']] },
  ],
  'AWS/ApiGateway': [
    { names: ['Count', '4XXError', '5XXError', 'Latency'], dimensions: [['ApiName', 'Stage']] },
  ],
};

type CallerStatus = ReturnType<typeof buildCallerAnswer>['status'];

/** Every outcome of a flow function is counted. The compiler holds the lists against the code where it can. */
export const ANSWER_STATUSES: Record<string, readonly string[]> = {
  'caller-lookup': Object.keys({
    FOUND: true,
    NOT_FOUND: true,
    AMBIGUOUS: true,
    ANONYMOUS: true,
    INVALID: true,
    DEGRADED: true,
  } satisfies Record<CallerStatus, true>),
  'extension-transfer': ['FOUND', 'NOT_FOUND', 'INVALID', 'DEGRADED'],
  'name-directory': ['FOUND', 'NOT_FOUND', 'INVALID', 'DEGRADED'],
  'flow-sms': Object.keys({
    ACCEPTED: true,
    DUPLICATE: true,
    NO_TEMPLATE: true,
    ANONYMOUS: true,
    RECIPIENT_UNKNOWN: true,
    FROM_NOT_ALLOWED: true,
    INVALID: true,
    DEGRADED: true,
  } satisfies Record<FlowSmsResponse['status'] | 'INVALID' | 'DEGRADED', true>),
};

/** Every result of a job is counted, and every failure. */
export const RUN_STATUSES: Record<string, readonly string[]> = {
  'agent-sync': Object.keys({
    DONE: true,
    PARTIAL: true,
    REFUSED: true,
    BUSY: true,
    SKIPPED: true,
    FAILED: true,
  } satisfies Record<SyncResult['status'] | 'FAILED', true>),
  'number-expiry': ['DONE', 'PARTIAL', 'FAILED'],
  'sms-inbound': ['DONE', 'FAILED'],
  'message-dispatcher': ['DONE', 'PARTIAL', 'FAILED'],
};

/** The metrics of ours by name, as the code publishes them. */
export function ownMetrics(): Set<string> {
  const files = readdirSync(join(root, 'layers/core/src'), { recursive: true, encoding: 'utf8' });
  const sources = files
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(root, 'layers/core/src', file), 'utf8'));
  const named = sources.flatMap((source) =>
    [...source.matchAll(/\b(?:count|gauge|duration)\(\s*'([A-Za-z]+)'/g)].map(([, name = '']) => name),
  );
  const counted = (kind: string, statuses: Record<string, readonly string[]>) =>
    Object.entries(statuses).flatMap(([name, all]) => all.map((status) => `${kind}.${name}.${status}`));
  return new Set([
    ...named,
    ...counted('Answers', ANSWER_STATUSES),
    ...counted('Runs', RUN_STATUSES),
    ...Object.keys(RUN_STATUSES).map((name) => `RunDuration.${name}`),
  ]);
}

const template = readTemplate(root, {
  parameters: { AgentEventStreamArn: `arn:aws:kinesis:${LOCAL.region}:${LOCAL.account}:stream/agents` },
});
const published = ownMetrics();

/** What is wrong with a metric that somebody wants to see, if anything. */
export function faultIn({ namespace, name, dimensions }: Metric): string | undefined {
  const given = Object.keys(dimensions);
  if (namespace === 'Switchboard') {
    if (!published.has(name)) return `${name} is not published by the code`;
    return given.join() === 'service' && dimensions.service === LOCAL.stack
      ? undefined
      : `${name} has the dimensions ${JSON.stringify(dimensions)}`;
  }
  const known = BY_AWS[namespace]?.find(({ names }) => names.includes(name));
  if (!known) return `AWS publishes no ${namespace} ${name} that we know of`;
  if (!known.dimensions.some((one) => one.join() === given.join())) return `${name} is not kept by ${given}`;
  for (const [dimension, value] of Object.entries(dimensions)) {
    if (!valuesOf(template, dimension).includes(value)) return `${name} is asked for ${dimension} ${value}`;
  }
  return undefined;
}

function valuesOf({ ofType, parameters }: Template, dimension: string): string[] {
  const ids = (type: string) => ofType(type).map(({ logicalId }) => logicalId);
  switch (dimension) {
    case 'FunctionName':
      return ids('AWS::Serverless::Function');
    case 'TableName':
      return ids('AWS::DynamoDB::Table');
    case 'QueueName':
      return ids('AWS::SQS::Queue');
    case 'Operation':
      return ['GetItem', 'Query', 'BatchGetItem'];
    case 'ApiName':
      return ofType('AWS::Serverless::Api').map(({ properties }) => String(properties.Name));
    case 'Stage':
      return [parameters.Stage ?? ''];
    default:
      return [];
  }
}
