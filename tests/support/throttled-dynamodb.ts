import { type Listener, listen, sendJson } from '#tools/local/http.ts';

/** A DynamoDB that throttles every request. */
export function startThrottledDynamoDb(): Promise<Listener> {
  return listen(0, async (_request, response) => {
    sendJson(
      response,
      400,
      {
        __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
        message: 'The level of configured provisioned throughput for the table was exceeded.',
      },
      { 'content-type': 'application/x-amz-json-1.0' },
    );
  });
}
