import { randomUUID } from 'node:crypto';
import type { JsonObject } from '#tools/json.ts';
import { LOCAL } from '#tools/local/template/index.ts';
import type { UserChange } from './operation.ts';

/** The EventBridge event for an API call, as CloudTrail records it. */
export function createApiCallEvent(operation: string, change: UserChange, now = new Date()): JsonObject {
  const time = `${now.toISOString().slice(0, 19)}Z`;
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'AWS API Call via CloudTrail',
    source: 'aws.connect',
    account: LOCAL.account,
    time,
    region: LOCAL.region,
    resources: [],
    detail: {
      eventVersion: '1.11',
      userIdentity: { type: 'AssumedRole', accountId: LOCAL.account },
      eventTime: time,
      eventSource: 'connect.amazonaws.com',
      eventName: operation,
      awsRegion: LOCAL.region,
      sourceIPAddress: '127.0.0.1',
      requestParameters: change.requestParameters,
      responseElements: change.responseElements,
      requestID: randomUUID(),
      eventID: randomUUID(),
      readOnly: false,
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: LOCAL.account,
      eventCategory: 'Management',
    },
  };
}
