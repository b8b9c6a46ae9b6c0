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

function canceled(...codes: string[]) {
  return namedError('TransactionCanceledException', { CancellationReasons: codes.map((Code) => ({ Code })) });
}

beforeEach(() => {
  dynamodb.reset();
  slept.length = 0;
});

test('writes a single action without a transaction', async () => {
  dynamodb.on(PutCommand).resolves({});

  await expect(writeActions(directory, [put])).resolves.toEqual([]);
  expect(dynamodb.commandCalls(TransactWriteCommand)).toHaveLength(0);
});

test('returns the positions of the failed conditions', async () => {
  dynamodb.on(PutCommand).rejects(namedError('ConditionalCheckFailedException'));
  dynamodb.on(TransactWriteCommand).rejects(canceled('None', 'ConditionalCheckFailed'));

  await expect(writeActions(directory, [put])).resolves.toEqual([0]);
  await expect(writeActions(directory, both)).resolves.toEqual([1]);
});

test.each([['TransactionConflict'], ['ThrottlingError'], ['ProvisionedThroughputExceeded']])(
  'retries after a wait when a transaction is canceled for %s',
  async (code) => {
    dynamodb.on(TransactWriteCommand).rejectsOnce(canceled('None', code)).resolves({});

    await expect(writeActions(directory, both)).resolves.toEqual([]);
    expect(slept).toHaveLength(1);
  },
);

test('returns a failed condition even when another action met a conflict', async () => {
  dynamodb
    .on(TransactWriteCommand)
    .rejectsOnce(canceled('TransactionConflict', 'ConditionalCheckFailed'))
    .resolves({});

  await expect(writeActions(directory, both)).resolves.toEqual([1]);
});

test('fails when every attempt meets another write', async () => {
  dynamodb.on(PutCommand).rejects(namedError('TransactionConflictException'));

  await expect(writeActions(directory, [put])).rejects.toMatchObject({ code: 'DIRECTORY_BUSY' });
  expect(dynamodb.commandCalls(PutCommand)).toHaveLength(8);
  expect(slept).toHaveLength(7);
});

test.each([
  ['ValidationException', [namedError('ValidationException')]],
  ['a transaction canceled for any other reason', [canceled('None', 'ValidationError')]],
])('passes on %s', async (_, [error]) => {
  dynamodb.on(TransactWriteCommand).rejects(error);

  await expect(writeActions(directory, both)).rejects.toBe(error);
});
