import { createTopics } from '#tools/local/event-sources/event-sources.ts';
import type { FunctionDefinition } from '#tools/local/lambda/function-definitions.ts';

const TEXTS = 'arn:aws:sns:eu-central-1:111122223333:InboundTextsTopic';

function follower(name: string, Topic: string) {
  const properties = { Events: { Texts: { Type: 'SNS', Properties: { Topic } } } };
  return { name, properties } as unknown as FunctionDefinition;
}

test('a message reaches the functions that follow its topic, in the form in which SNS delivers', () => {
  const accepted: [string, string][] = [];
  const publish = createTopics([follower('F', TEXTS), follower('G', `${TEXTS}Else`)], (name, event) =>
    accepted.push([name, event]),
  );

  publish(TEXTS, { messageBody: 'STOP' });

  expect(accepted.map(([name]) => name)).toEqual(['F']);
  expect(JSON.parse(accepted[0]?.[1] ?? '')).toMatchObject({
    Records: [{ EventSource: 'aws:sns', Sns: { TopicArn: TEXTS, Message: '{"messageBody":"STOP"}' } }],
  });
});
