// What a metric is to CloudWatch, and how the template and the dashboard name it.

export interface Dimension {
  name: string;
  /** A resource, a parameter, or an attribute of a resource (`Queue.QueueName`). */
  ref?: string;
  /** A fixed value. */
  value?: string;
}

export interface Metric {
  namespace: string;
  name: string;
  dimensions: readonly Dimension[];
}

/** A metric that the code publishes. */
export const ownMetric = (name: string): Metric => ({
  namespace: 'Switchboard',
  name,
  dimensions: [{ name: 'service', ref: 'AWS::StackName' }],
});

export const functionMetric = (name: string, functionId: string): Metric => ({
  namespace: 'AWS/Lambda',
  name,
  dimensions: [{ name: 'FunctionName', ref: functionId }],
});

/** How many messages wait in a queue. */
export const queueDepth = (queueId: string): Metric => ({
  namespace: 'AWS/SQS',
  name: 'ApproximateNumberOfMessagesVisible',
  dimensions: [{ name: 'QueueName', ref: `${queueId}.QueueName` }],
});

export const tableMetric = (name: string, tableId: string, operation?: string): Metric => ({
  namespace: 'AWS/DynamoDB',
  name,
  dimensions: [
    { name: 'TableName', ref: tableId },
    ...(operation === undefined ? [] : [{ name: 'Operation', value: operation }]),
  ],
});

export const apiMetric = (name: string): Metric => ({
  namespace: 'AWS/ApiGateway',
  name,
  dimensions: [
    { name: 'ApiName', ref: 'AWS::StackName' },
    { name: 'Stage', ref: 'Stage' },
  ],
});
