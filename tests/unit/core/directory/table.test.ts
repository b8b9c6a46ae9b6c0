import {
  DynamoDBDocumentClient,
  PutCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { type Directory, writeActions } from '#core/directory/table.ts';
import { namedError } from '#support/directory.ts';

const dynamodb = mockClient(DynamoDBDocumentClient);
const slept: number[] = [];
const directory: Directory = {
  client: dynamodb as unknown as DynamoDBDocumentClient,
  table: 'directory',
  sleep: async (milliseconds) => {
    slept.push(milliseconds);
  },
};
const put = { Put: { TableName: 'directory', Item: { pk: 'a', sk: 'a' } } };
const both: NonNullable<TransactWriteCommandInput['TransactItems']> = [put, put];

function cancelled(...codes: string[]) {
  return namedError('TransactionCanceledException', { CancellationReasons: codes.map((Code) => ({ Code })) });
}

beforeEach(() => {
  dynamodb.reset();
  slept.length = 0;
});

test('a single action needs no transaction', async () => {
  dynamodb.on(PutCommand).resolves({});

  await expect(writeActions(directory, [put])).resolves.toEqual([]);
  expect(dynamodb.commandCalls(TransactWriteCommand)).toHaveLength(0);
});

test('says which conditions did not hold', async () => {
  dynamodb.on(PutCommand).rejects(namedError('ConditionalCheckFailedException'));
  dynamodb.on(TransactWriteCommand).rejects(cancelled('None', 'ConditionalCheckFailed'));

  await expect(writeActions(directory, [put])).resolves.toEqual([0]);
  await expect(writeActions(directory, both)).resolves.toEqual([1]);
});

test.each([['TransactionConflict'], ['ThrottlingError'], ['ProvisionedThroughputExceeded']])(
  'tries again, after a while, when a transaction is cancelled for %s',
  async (code) => {
    dynamodb.on(TransactWriteCommand).rejectsOnce(cancelled('None', code)).resolves({});

    await expect(writeActions(directory, both)).resolves.toEqual([]);
    expect(slept).toHaveLength(1);
  },
);

test('a failed condition counts more than a conflict beside it', async () => {
  dynamodb
    .on(TransactWriteCommand)
    .rejectsOnce(cancelled('TransactionConflict', 'ConditionalCheckFailed'))
    .resolves({});

  await expect(writeActions(directory, both)).resolves.toEqual([1]);
});

test('gives up when other writes keep getting in the way', async () => {
  dynamodb.on(PutCommand).rejects(namedError('TransactionConflictException'));

  await expect(writeActions(directory, [put])).rejects.toMatchObject({ code: 'DIRECTORY_BUSY' });
  expect(dynamodb.commandCalls(PutCommand)).toHaveLength(8);
  expect(slept).toHaveLength(7);
});

test.each([
  ['ValidationException', [namedError('ValidationException')]],
  ['a transaction cancelled for a reason that is a bug', [cancelled('None', 'ValidationError')]],
])('throws %s as it is', async (_, [error]) => {
  dynamodb.on(TransactWriteCommand).rejects(error);

  await expect(writeActions(directory, both)).rejects.toBe(error);
});
