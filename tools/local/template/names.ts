import { type JsonObject, objectAt, textAt } from '#tools/json.ts';

/** The deployment that the local stack represents. The IDs are invented. */
export const LOCAL = {
  region: 'eu-central-1',
  account: '111122223333',
  partition: 'aws',
  stack: 'switchboard',
  connectInstanceId: '10ca1000-5017-4b0a-8d00-000000000001',
} as const;

export const CONNECT_INSTANCE_ARN = `arn:aws:connect:${LOCAL.region}:${LOCAL.account}:instance/${LOCAL.connectInstanceId}`;

/** The agent event stream of the emulator for Connect. */
export const AGENT_EVENT_STREAM_ARN = `arn:${LOCAL.partition}:kinesis:${LOCAL.region}:${LOCAL.account}:stream/agent-events`;

/** The topic to which the emulator for End User Messaging publishes inbound texts. */
export const INBOUND_TEXTS_TOPIC_ARN = `arn:${LOCAL.partition}:sns:${LOCAL.region}:${LOCAL.account}:InboundTextsTopic`;

export const PSEUDO_PARAMETERS: Record<string, string> = {
  'AWS::AccountId': LOCAL.account,
  'AWS::Partition': LOCAL.partition,
  'AWS::Region': LOCAL.region,
  'AWS::StackId': arn('cloudformation', `stack/${LOCAL.stack}/00000000-0000-0000-0000-000000000000`),
  'AWS::StackName': LOCAL.stack,
  'AWS::URLSuffix': 'amazonaws.com',
};

/** Names a resource. Tests use their own names for tables. */
export type PhysicalNames = Record<string, string>;

/** The value of `Ref` of a resource. */
export function resolveRef(
  resources: JsonObject,
  names: PhysicalNames,
  logicalId: string,
): string | undefined {
  const generated = generatedResource(resources, logicalId);
  if (generated) return generated;
  if (!(logicalId in resources)) return undefined;
  const name = names[logicalId] ?? logicalId;
  switch (textAt(objectAt(resources, logicalId), 'Type')) {
    case 'AWS::SQS::Queue':
      return `https://sqs.${LOCAL.region}.amazonaws.com/${LOCAL.account}/${name}`;
    case 'AWS::KMS::Key':
      return keyId(logicalId);
    case 'AWS::SNS::Topic':
      return arn('sns', name);
    case 'AWS::Serverless::LayerVersion':
      return `${arn('lambda', `layer:${name}`)}:1`;
    default:
      return name;
  }
}

/** The value of `Fn::GetAtt` of a resource. */
export function resolveAttribute(
  resources: JsonObject,
  names: PhysicalNames,
  logicalId: string,
  attribute: string,
): string | undefined {
  if (!(logicalId in resources)) return undefined;
  const name = names[logicalId] ?? logicalId;
  const arns: Record<string, string> = {
    'AWS::DynamoDB::Table': arn('dynamodb', `table/${name}`),
    'AWS::Serverless::Function': arn('lambda', `function:${name}`),
    'AWS::SQS::Queue': arn('sqs', name),
    'AWS::KMS::Key': arn('kms', `key/${keyId(logicalId)}`),
    'AWS::IAM::Role': `arn:${LOCAL.partition}:iam::${LOCAL.account}:role/${name}`,
    'AWS::CloudWatch::Alarm': arn('cloudwatch', `alarm:${name}`),
    'AWS::Logs::LogGroup': `${arn('logs', `log-group:${name}`)}:*`,
  };
  const own = arns[textAt(objectAt(resources, logicalId), 'Type') ?? ''];
  switch (attribute) {
    case 'Arn':
      return own;
    case 'StreamArn':
      return own && `${own}/stream/local`;
    case 'QueueName':
      return name;
    default:
      return undefined;
  }
}

function arn(service: string, resource: string): string {
  return `arn:${LOCAL.partition}:${service}:${LOCAL.region}:${LOCAL.account}:${resource}`;
}

function keyId(logicalId: string): string {
  const hex = Buffer.from(logicalId).toString('hex').padEnd(12, '0').slice(0, 12);
  return `00000000-0000-4000-8000-${hex}`;
}

/** Resources that SAM makes from others and that the template refers to by the name SAM documents. */
function generatedResource(resources: JsonObject, logicalId: string): string | undefined {
  const api = logicalId.replace(/(ApiKey|UsagePlan|\.Stage)$/, '');
  const made = api !== logicalId && textAt(objectAt(resources, api), 'Type') === 'AWS::Serverless::Api';
  return made ? logicalId : undefined;
}
