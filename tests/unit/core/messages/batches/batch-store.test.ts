import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { readStates } from '#core/messages/batches/batch-store.ts';
import { messageIdFor, messageKey, partsOfMessageId } from '#core/messages/table-keys.ts';

const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-central-1' }));
const dynamodb = mockClient(DynamoDBDocumentClient);

const [known = '', fresh = '', gone = ''] = [1, 2, 3].map((n) =>
  messageIdFor(String(n).padStart(26, '0'), 'x'.repeat(43)),
);
function item(messageId: string, state: string) {
  const parts = partsOfMessageId(messageId);
  return { ...(parts && messageKey(parts)), state };
}

test('a message is missing only when it is missing from a consistent read', async () => {
  dynamodb
    .on(BatchGetCommand)
    .resolvesOnce({ Responses: { messages: [item(known, 'SENT')] } })
    .resolvesOnce({ Responses: { messages: [item(fresh, 'ACCEPTED')] } });

  const states = await readStates({ client, messages: 'messages' }, [known, fresh, gone]);

  expect(states).toEqual(
    new Map([
      [known, 'SENT'],
      [fresh, 'ACCEPTED'],
    ]),
  );
  const asked = dynamodb
    .commandCalls(BatchGetCommand)
    .map(({ args }) => args[0].input.RequestItems?.messages);
  expect(asked).toMatchObject([
    { ConsistentRead: false, ProjectionExpression: '#pk, #sk, #state' },
    { ConsistentRead: true, ProjectionExpression: '#pk, #sk, #state' },
  ]);
  expect(asked.map((request) => request?.Keys?.length)).toEqual([3, 2]);
});
