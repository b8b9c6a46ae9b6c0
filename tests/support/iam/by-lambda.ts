import { isObject, objectAt, textAt } from '#tools/json.ts';
import { LOCAL } from '#tools/local/template/index.ts';
import type { ExpandedResource, Expansion } from './expand.ts';
import { list, type Right } from './rights.ts';

/** What the Lambda service does with a function's role, without a line of ours, and why. */
export interface ServiceUse extends Right {
  because: string;
}

/** Told from how the function is configured: a right without its reason in the template is one too many. */
export function usesByLambda(expansion: Expansion, fn: ExpandedResource): ServiceUse[] {
  const mappings = expansion.resources.filter(
    ({ type, properties }) =>
      type === 'AWS::Lambda::EventSourceMapping' && names(properties.FunctionName, fn.id),
  );
  return [
    ...logging(fn),
    ...tracing(fn),
    ...sending(textAt(objectAt(fn.properties, 'DeadLetterConfig'), 'TargetArn'), 'its dead letters'),
    ...mappings.flatMap(({ properties }) => [
      ...reading(String(properties.EventSourceArn)),
      ...sending(
        textAt(objectAt(objectAt(properties, 'DestinationConfig'), 'OnFailure'), 'Destination'),
        'what its stream could not deliver',
      ),
    ]),
  ];
}

function names(value: unknown, id: string): boolean {
  return typeof value === 'string' && (value === id || value.endsWith(`:function:${id}`));
}

function logging({ properties }: ExpandedResource): ServiceUse[] {
  const group = textAt(objectAt(properties, 'LoggingConfig'), 'LogGroup');
  const resource = `arn:${LOCAL.partition}:logs:${LOCAL.region}:${LOCAL.account}:log-group:${group}:*`;
  return uses(resource, 'its log group', 'logs:CreateLogStream', 'logs:PutLogEvents');
}

function tracing({ properties }: ExpandedResource): ServiceUse[] {
  if (objectAt(properties, 'TracingConfig').Mode !== 'Active') return [];
  return uses('*', 'tracing is active', 'xray:PutTraceSegments', 'xray:PutTelemetryRecords');
}

function sending(target: string | undefined, what: string): ServiceUse[] {
  if (target === undefined) return [];
  return uses(target, what, target.split(':')[2] === 'sns' ? 'sns:Publish' : 'sqs:SendMessage');
}

/** Lambda's developer guide lists the actions for each kind of stream. */
function reading(source: string): ServiceUse[] {
  const because = 'its event source';
  if (source.split(':')[2] === 'kinesis') {
    const actions = [
      'DescribeStream',
      'DescribeStreamSummary',
      'GetRecords',
      'GetShardIterator',
      'ListShards',
    ];
    return uses(source, because, ...actions.map((action) => `kinesis:${action}`));
  }
  return [
    ...uses(
      source,
      because,
      ...['DescribeStream', 'GetRecords', 'GetShardIterator'].map((one) => `dynamodb:${one}`),
    ),
    ...uses('*', because, 'dynamodb:ListStreams'),
  ];
}

function uses(resource: string, because: string, ...actions: string[]): ServiceUse[] {
  return actions.map((action) => ({ action, resource, because }));
}

/** The role of a function of the expanded template. */
export function roleOf(expansion: Expansion, fn: ExpandedResource): ExpandedResource {
  const arn = String(fn.properties.Role);
  const role = expansion.resources.find(
    ({ id, type }) => type === 'AWS::IAM::Role' && (arn === `${id}.Arn` || arn.endsWith(`:role/${id}`)),
  );
  if (!role) throw new Error(`${fn.id} has no role in the template.`);
  return role;
}

/** The trust policy's principals. */
export function trustedBy(role: ExpandedResource): unknown[] {
  return list(objectAt(role.properties, 'AssumeRolePolicyDocument').Statement)
    .filter(isObject)
    .map(({ Principal, Action }) => ({ Principal, Action }));
}
