import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newFolder } from '#support/folder.ts';
import { ofType, text, written } from '#support/template.ts';
import { isObject, objectAt } from '#tools/json.ts';
import { dynamodbMappings } from '#tools/local/event-sources/mappings.ts';
import type { FunctionDefinition } from '#tools/local/lambda/function-definitions.ts';
import { readTemplate } from '#tools/local/template/index.ts';

/** A second consumer of the stream of ContactsTable. */
const SECOND_CONSUMER = `
  MembershipBinderFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: dist/functions/membership-binder
      Events:
        Contacts:
          Type: DynamoDB
          Properties:
            Stream: !GetAtt ContactsTable.StreamArn
            StartingPosition: TRIM_HORIZON
            BatchSize: 10
            FilterCriteria:
              Filters:
                - Pattern: '{"eventName":["INSERT"]}'
`;

test('a stream of a table has at most two consumers, the limit of DynamoDB Streams', () => {
  const streams = ofType('AWS::Serverless::Function').flatMap(([, properties]) =>
    Object.values(objectAt(properties, 'Events'))
      .filter(isObject)
      .filter(({ Type }) => Type === 'DynamoDB')
      .map((event) => JSON.stringify(objectAt(event, 'Properties').Stream)),
  );
  const consumers = Map.groupBy(streams, (stream) => stream);

  expect(consumers.size).toBeGreaterThan(0);
  for (const [, list] of consumers) expect(list.length).toBeLessThanOrEqual(2);
});

test('one more function in the template is a second consumer of the contacts, with its own filter and batch size', () => {
  expect(objectAt(written, 'Resources').MembershipBinderFunction).toBeUndefined();
  const folder = newFolder();
  writeFileSync(
    join(folder, 'template.yaml'),
    text.replace(/\n {2}ContactIndexerFunction:\n/, `${SECOND_CONSUMER}$&`),
  );
  const definitions = readTemplate(folder)
    .ofType('AWS::Serverless::Function')
    .map(
      ({ logicalId, properties }) =>
        [logicalId, { name: logicalId, properties } as FunctionDefinition] as const,
    );

  const contacts = dynamodbMappings(new Map(definitions)).filter(
    ({ tableName }) => tableName === 'ContactsTable',
  );

  expect(contacts).toMatchObject([
    { functionName: 'MembershipBinderFunction', batchSize: 10, filters: [{ eventName: ['INSERT'] }] },
    {
      functionName: 'ContactIndexerFunction',
      batchSize: 100,
      filters: [{ dynamodb: { Keys: { sk: { S: ['PROFILE'] } } } }],
    },
  ]);
});
