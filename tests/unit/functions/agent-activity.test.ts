import {
  BatchGetCommand,
  BatchWriteCommand,
  DynamoDBDocumentClient,
  PutCommand,
} from '@aws-sdk/lib-dynamodb';
import type { KinesisStreamRecord } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import type { StreamResponse } from '#core/platform/handlers/stream.ts';
import event from '#events/agent-activity.json';
import { INSTANCE_ARN, kinesisRecord } from '#support/agent-events.ts';
import { namedError } from '#support/directory.ts';
import { loadHandler } from '#support/handler.ts';

// The fixture: events/agent-activity.json
const batch: { Records: KinesisStreamRecord[] } = event;
const [sequenceNumber = ''] = batch.Records.map(({ kinesis }) => kinesis.sequenceNumber);
const dynamodb = mockClient(DynamoDBDocumentClient);

const handler = loadHandler<StreamResponse, { Records: KinesisStreamRecord[] }>('agent-activity', {
  CONNECT_INSTANCE_ARN: INSTANCE_ARN,
});

beforeEach(() => {
  dynamodb.reset();
  dynamodb.on(BatchGetCommand).resolves({});
  dynamodb.on(BatchWriteCommand).resolves({});
  dynamodb.on(PutCommand).resolves({});
});

it('stores the status and the change of an agent in three round trips, and no name', async () => {
  expect(await handler(batch)).toEqual({ batchItemFailures: [] });

  const [status] = dynamodb.commandCalls(PutCommand).map(({ args }) => args[0].input.Item);
  expect(status).toEqual({
    pk: 'AGENT#agent-1',
    sk: 'STATUS',
    status: 'AWAY',
    customStatus: 'Lunch',
    since: '2025-11-21T10:18:05.000Z',
    routingProfileId: 'basic',
    eventAt: '2025-11-21T10:18:05.040Z',
    eventId: '477f2c4f-cd1a-4785-b1a8-97023dc1229d',
    ttl: Date.parse('2025-12-21T10:18:05Z') / 1000,
  });
  expect(dynamodb.calls()).toHaveLength(3);
  expect(JSON.stringify(dynamodb.calls().map(({ args }) => args[0].input))).not.toMatch(/Jane|Roe|jane\.roe/);
});

it('names the records that failed, so that only these are delivered again', async () => {
  dynamodb.on(PutCommand).rejects(namedError('InternalServerError'));

  expect(await handler(batch)).toEqual({ batchItemFailures: [{ itemIdentifier: sequenceNumber }] });
});

it('names a record that is no event, and works on the others', async () => {
  const records = [kinesisRecord('no JSON', '7'), ...batch.Records];

  expect(await handler({ Records: records })).toEqual({
    batchItemFailures: [{ itemIdentifier: '7' }],
  });
  expect(dynamodb.commandCalls(PutCommand)).toHaveLength(1);
});
