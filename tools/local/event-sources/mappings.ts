import { isObject, type Json, type JsonObject, numberAt, objectAt, textAt } from '#tools/json.ts';
import type { FunctionDefinition } from '#tools/local/lambda/function-definitions.ts';
import type { Template } from '#tools/local/template/index.ts';

/** The settings of one event source mapping. */
export interface EventSourceMapping {
  functionName: string;
  /** The name of the event source in the template, unique within its function. */
  sourceName: string;
  functionArn: string;
  batchSize: number;
  fromLatest: boolean;
  /** Retries after the first attempt; Infinity when the template does not limit them. */
  maximumRetries: number;
  bisect: boolean;
  reportsFailures: boolean;
  /** A record is delivered if it matches any filter, or if there are no filters. */
  filters: Json[];
  onFailureArn?: string;
}

/** … on the stream of a table. */
export interface DynamodbMapping extends EventSourceMapping {
  tableName: string;
}

/** … on a data stream of Kinesis. */
export interface KinesisMapping extends EventSourceMapping {
  streamArn: string;
}

type Definitions = ReadonlyMap<string, FunctionDefinition>;

export function dynamodbMappings(definitions: Definitions): DynamodbMapping[] {
  return listEventSources(definitions.values(), 'DynamoDB').map((source) => {
    const [, tableName = ''] = /table\/([^/]+)\/stream\//.exec(streamOf(source)) ?? [];
    return { ...mapping(source, definitions), tableName };
  });
}

export function kinesisMappings(definitions: Definitions): KinesisMapping[] {
  return listEventSources(definitions.values(), 'Kinesis').map((source) => ({
    ...mapping(source, definitions),
    streamArn: streamOf(source),
  }));
}

function streamOf({ properties }: EventSource): string {
  return textAt(properties, 'Stream') ?? '';
}

function mapping(
  { functionName, name, properties }: EventSource,
  definitions: Definitions,
): EventSourceMapping {
  const retries = numberAt(properties, 'MaximumRetryAttempts') ?? -1;
  const responses = properties.FunctionResponseTypes;
  const filters = objectAt(properties, 'FilterCriteria').Filters;
  const onFailureArn = textAt(
    objectAt(objectAt(properties, 'DestinationConfig'), 'OnFailure'),
    'Destination',
  );
  return {
    functionName,
    sourceName: name,
    functionArn: definitions.get(functionName)?.arn ?? '',
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

/** One entry of a function's `Events`. */
export interface EventSource {
  functionName: string;
  /** Its name in the template. */
  name: string;
  properties: JsonObject;
}

export function listEventSources(definitions: Iterable<FunctionDefinition>, type: string): EventSource[] {
  const sources: EventSource[] = [];
  for (const { name: functionName, properties } of definitions) {
    for (const [name, event] of Object.entries(objectAt(properties, 'Events'))) {
      if (isObject(event) && textAt(event, 'Type') === type) {
        sources.push({ functionName, name, properties: objectAt(event, 'Properties') });
      }
    }
  }
  return sources;
}

const SUPPORTED_TYPES = ['Api', 'DynamoDB', 'EventBridgeRule', 'Kinesis', 'Schedule', 'SNS'];

/** @throws if npm start does not support the event source */
export function checkEventSources(template: Template): void {
  for (const { logicalId, properties } of template.ofType('AWS::Serverless::Function')) {
    for (const [name, event] of Object.entries(objectAt(properties, 'Events'))) {
      const type = isObject(event) ? textAt(event, 'Type') : undefined;
      if (!SUPPORTED_TYPES.includes(type ?? '')) {
        throw new Error(
          `template.yaml: ${logicalId}.Events.${name} has the type ${type}, which npm start does not support.`,
        );
      }
    }
  }
}
