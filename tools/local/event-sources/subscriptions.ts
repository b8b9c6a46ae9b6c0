import { randomUUID } from 'node:crypto';
import { type JsonObject, objectAt, textAt } from '#tools/json.ts';
import type { FunctionDefinition } from '#tools/local/lambda/function-definitions.ts';
import { matchesEventPattern } from './event-pattern.ts';
import { listEventSources } from './mappings.ts';

/** Publishes a message to the functions that subscribe to a topic. */
export type Topics = (topicArn: string, message: JsonObject) => void;

/** SNS with the subscriptions of the template. Lambda accepts every message, so there are no retries. */
export function createTopics(
  definitions: Iterable<FunctionDefinition>,
  accept: (functionName: string, event: string) => void,
): Topics {
  const subscriptions = listEventSources(definitions, 'SNS').map(({ functionName, properties }) => ({
    functionName,
    topicArn: textAt(properties, 'Topic'),
  }));
  return (topicArn, message) => {
    for (const { functionName, topicArn: followed } of subscriptions) {
      if (followed === topicArn) accept(functionName, JSON.stringify(snsEvent(topicArn, message)));
    }
  };
}

/** A message as SNS delivers it to Lambda. */
function snsEvent(topicArn: string, message: JsonObject) {
  return {
    Records: [
      {
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        EventSubscriptionArn: `${topicArn}:${randomUUID()}`,
        Sns: {
          Type: 'Notification',
          MessageId: randomUUID(),
          TopicArn: topicArn,
          Subject: null,
          Message: JSON.stringify(message),
          Timestamp: new Date().toISOString(),
          SignatureVersion: '1',
          Signature: 'local',
          SigningCertUrl: 'http://127.0.0.1:9',
          UnsubscribeUrl: 'http://127.0.0.1:9',
          MessageAttributes: {},
        },
      },
    ],
  };
}

/** The default bus of EventBridge with the rules of the template. */
export function createEventBus(
  definitions: Iterable<FunctionDefinition>,
  accept: (functionName: string, event: string) => void,
): (event: JsonObject) => void {
  const rules = listEventSources(definitions, 'EventBridgeRule').map(({ functionName, properties }) => ({
    functionName,
    pattern: objectAt(properties, 'Pattern'),
  }));
  return (event) => {
    for (const { functionName, pattern } of rules) {
      if (matchesEventPattern(pattern, event)) accept(functionName, JSON.stringify(event));
    }
  };
}
