import type { FunctionDefinition } from '../lambda/definition.ts';
import { isObject, type Json, numberAt, objectAt, textAt } from '../template/index.ts';
import { type EventSource, eventSources } from './events.ts';

/** The settings of one event source mapping on a stream. */
export interface StreamMapping {
  functionName: string;
  functionArn: string;
  tableName: string;
  batchSize: number;
  fromLatest: boolean;
  /** Retries after the first attempt; Infinity when the template does not limit them. */
  maximumRetries: number;
  bisect: boolean;
  reportsFailures: boolean;
  /** A record is delivered when it matches any of them; all are when there is none. */
  filters: Json[];
  onFailureArn?: string;
}

export function streamMappings(definitions: ReadonlyMap<string, FunctionDefinition>): StreamMapping[] {
  return eventSources(definitions.values(), 'DynamoDB').map((source) =>
    mapping(source, definitions.get(source.functionName)?.arn ?? ''),
  );
}

function mapping({ functionName, properties }: EventSource, functionArn: string): StreamMapping {
  const stream = textAt(properties, 'Stream') ?? '';
  const retries = numberAt(properties, 'MaximumRetryAttempts') ?? -1;
  const responses = properties.FunctionResponseTypes;
  const filters = objectAt(properties, 'FilterCriteria').Filters;
  const onFailureArn = textAt(
    objectAt(objectAt(properties, 'DestinationConfig'), 'OnFailure'),
    'Destination',
  );
  return {
    functionName,
    functionArn,
    tableName: /table\/([^/]+)\/stream\//.exec(stream)?.[1] ?? '',
    batchSize: numberAt(properties, 'BatchSize') ?? 100,
    fromLatest: textAt(properties, 'StartingPosition') === 'LATEST',
    maximumRetries: retries < 0 ? Number.POSITIVE_INFINITY : retries,
    bisect: properties.BisectBatchOnFunctionError === true,
    reportsFailures: Array.isArray(responses) && responses.includes('ReportBatchItemFailures'),
    filters: (Array.isArray(filters) ? filters : []).map(
      (filter) => JSON.parse(isObject(filter) ? (textAt(filter, 'Pattern') ?? '{}') : '{}') as Json,
    ),
    ...(onFailureArn === undefined ? {} : { onFailureArn }),
  };
}
