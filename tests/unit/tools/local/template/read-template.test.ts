import { tableSchemas } from '#tools/local/engine/tables.ts';
import { readTemplate } from '#tools/local/template/index.ts';
import { resolveParameters } from '#tools/local/template/parameters.ts';

const root = process.cwd();
const declared = {
  Parameters: {
    Plain: { Type: 'String', Default: 'a' },
    Pattern: { Type: 'String', Default: 'AB', AllowedPattern: '^[A-Z]+$' },
    Number: { Type: 'Number', Default: 5, MinValue: 1, MaxValue: 9 },
    Chosen: { Type: 'Number', Default: 1, AllowedValues: [1, 3] },
    Needed: { Type: 'String' },
  },
};

describe('parameters', () => {
  test('take what is given, else their default', () => {
    expect(resolveParameters(declared, { Needed: 'x', Number: '7' })).toEqual({
      Plain: 'a',
      Pattern: 'AB',
      Number: '7',
      Chosen: '1',
      Needed: 'x',
    });
  });

  test('that are wrong are all named at once', () => {
    const given = { Pattern: 'ab', Number: '10', Chosen: '2', Other: 'x' };

    expect(() => resolveParameters(declared, given)).toThrow(
      /no parameter Other.*Pattern must match.*Number must be a number from 1 to 9.*Chosen must be one of 1, 3.*Needed has no value/,
    );
  });
});

describe('our own template', () => {
  test('can be evaluated from end to end', () => {
    for (const { properties } of readTemplate(root).resources) expect(properties).toBeInstanceOf(Object);
  });

  test('gives each function the globals and its own environment', () => {
    const functions = readTemplate(root, { names: { ContactsTable: 'other-name' } }).ofType(
      'AWS::Serverless::Function',
    );
    const lookup = functions.find(({ logicalId }) => logicalId === 'CallerLookupFunction');

    expect(lookup?.properties).toMatchObject({
      Timeout: 7,
      Handler: 'index.handler',
      Environment: {
        Variables: {
          POWERTOOLS_LOG_LEVEL: 'INFO',
          CONTACTS_TABLE: 'other-name',
          LOOKUP_TABLE: 'LookupTable',
        },
      },
    });
  });

  test('gives tables their keys, indexes and streams, and nothing that one machine has not', () => {
    const contacts = tableSchemas(readTemplate(root)).find(({ logicalId }) => logicalId === 'ContactsTable');

    expect(contacts?.input).toMatchObject({
      TableName: 'ContactsTable',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      GlobalSecondaryIndexes: [{ IndexName: 'AudienceIndex' }],
    });
    expect(contacts?.input).not.toHaveProperty('SSESpecification');
  });
});
