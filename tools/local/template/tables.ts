import type { CreateTableInput } from '@aws-sdk/client-dynamodb';
import type { Resource, Template } from './index.ts';

/** What of a table's properties an engine on one machine understands. */
const SCHEMA = [
  'AttributeDefinitions',
  'KeySchema',
  'BillingMode',
  'GlobalSecondaryIndexes',
  'LocalSecondaryIndexes',
  'ProvisionedThroughput',
];

/** The CreateTable call for each table of the template, by logical id. */
export function tableSchemas(template: Template): { logicalId: string; input: CreateTableInput }[] {
  return template
    .ofType('AWS::DynamoDB::Table')
    .map((table) => ({ logicalId: table.logicalId, input: createTableInput(table) }));
}

function createTableInput({ logicalId, properties }: Resource): CreateTableInput {
  const schema = Object.fromEntries(Object.entries(properties).filter(([key]) => SCHEMA.includes(key)));
  const stream = properties.StreamSpecification;
  return {
    ...schema,
    TableName: logicalId,
    // CloudFormation's StreamSpecification has no StreamEnabled: naming a view is enough.
    ...(stream ? { StreamSpecification: { StreamEnabled: true, ...(stream as object) } } : {}),
  } as CreateTableInput;
}
