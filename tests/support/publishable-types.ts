/**
 * The types that the Serverless Application Repository publishes, of the services that we may ever use. Source: "List
 * of Supported AWS Resources" in its developer guide. AWS::Serverless::Application is on that list, but nested local
 * applications cannot be published, so it is left out here.
 */
const PUBLISHED: Record<string, string> = {
  ApiGateway:
    'ApiKey Authorizer BasePathMapping ClientCertificate Deployment DocumentationPart DocumentationVersion DomainName GatewayResponse Method Model RequestValidator Resource RestApi Stage UsagePlan UsagePlanKey VpcLink',
  CloudFormation: 'CustomResource Interface Macro WaitConditionHandle',
  CloudWatch: 'Alarm AnomalyDetector Dashboard InsightRule',
  DynamoDB: 'Table',
  Events: 'EventBusPolicy Rule',
  IAM: 'Group InstanceProfile ManagedPolicy Policy Role',
  KMS: 'Alias Key',
  Kinesis: 'Stream StreamConsumer Streams',
  KinesisFirehose: 'DeliveryStream',
  Lambda:
    'Alias EventInvokeConfig EventSourceMapping Function LayerVersion LayerVersionPermission Permission Version',
  Logs: 'Destination LogGroup LogStream MetricFilter SubscriptionFilter',
  S3: 'Bucket BucketPolicy',
  SNS: 'Subscription Topic TopicPolicy',
  SQS: 'Queue QueuePolicy',
  SSM: 'Association Document MaintenanceWindowTask Parameter PatchBaseline ResourceDataSync',
  Serverless: 'Api Function HttpApi LayerVersion SimpleTable StateMachine',
  StepFunctions: 'Activity StateMachine',
};

export const PUBLISHABLE_TYPES: ReadonlySet<string> = new Set(
  Object.entries(PUBLISHED).flatMap(([service, names]) =>
    names.split(' ').map((name) => `AWS::${service}::${name}`),
  ),
);
