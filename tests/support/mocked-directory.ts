import {
  BatchGetCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { type MemoryDynamoDb, memoryDynamoDb } from './memory-dynamodb.ts';

const dynamodb = mockClient(DynamoDBDocumentClient);

/** From now on every document client of this process, also a function's own, works on a new one in memory. */
export function mockDirectory(): MemoryDynamoDb {
  const db = memoryDynamoDb(() => 0);
  dynamodb.reset();
  dynamodb.on(GetCommand).callsFake((input) => db.client.send(new GetCommand(input)));
  dynamodb.on(BatchGetCommand).callsFake((input) => db.client.send(new BatchGetCommand(input)));
  dynamodb.on(QueryCommand).callsFake((input) => db.client.send(new QueryCommand(input)));
  dynamodb.on(PutCommand).callsFake((input) => db.client.send(new PutCommand(input)));
  dynamodb.on(UpdateCommand).callsFake((input) => db.client.send(new UpdateCommand(input)));
  dynamodb.on(DeleteCommand).callsFake((input) => db.client.send(new DeleteCommand(input)));
  dynamodb.on(TransactWriteCommand).callsFake((input) => db.client.send(new TransactWriteCommand(input)));
  return db;
}
