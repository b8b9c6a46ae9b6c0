import type { Context, DynamoDBRecord } from 'aws-lambda';
import { createStreamHandler } from '#core/platform/handlers/stream.ts';
import { logger } from '#core/platform/observability.ts';

const record = (SequenceNumber: string): DynamoDBRecord => ({
  eventName: 'MODIFY',
  dynamodb: { SequenceNumber, Keys: { pk: { S: 'CONTACT#jane-roe' } } },
});
const context = {} as Context;
const batch = { Records: ['1', '2', '3'].map(record) };

test('reports nothing when every record was processed', async () => {
  await expect(createStreamHandler('contact-indexer', async () => [])(batch, context)).resolves.toEqual({
    batchItemFailures: [],
  });
});

test.each([[undefined], [null], [{}], [{ Records: 'x' }], ['x']])('refuses %j by name', async (event) => {
  const handler = createStreamHandler('contact-indexer', async () => []);

  await expect(handler(event as never, context)).rejects.toMatchObject({
    code: 'INVALID_EVENT',
    field: 'Records',
  });
});

test('reports the records that failed, by sequence number', async () => {
  const handler = createStreamHandler('contact-indexer', async (records) =>
    records.slice(1, 2).map((failed) => ({ record: failed, error: new Error('no') })),
  );

  await expect(handler(batch, context)).resolves.toEqual({ batchItemFailures: [{ itemIdentifier: '2' }] });
});

test('reports the whole batch when it failed as one, so that nothing is lost', async () => {
  const handler = createStreamHandler('contact-indexer', () => Promise.reject(new Error('no')));

  await expect(handler(batch, context)).resolves.toEqual({
    batchItemFailures: [{ itemIdentifier: '1' }, { itemIdentifier: '2' }, { itemIdentifier: '3' }],
  });
});

test('logs where a record stands in the stream, never what it holds or quotes', async () => {
  const logged = jest.spyOn(logger, 'error').mockImplementation();
  const handler = createStreamHandler('contact-indexer', async ([first = record('0')]) => [
    { record: first, error: new Error('CONTACT#jane-roe is odd') },
  ]);

  await handler(batch, context);

  expect(logged).toHaveBeenCalledWith('record failed', expect.objectContaining({ sequenceNumber: '1' }));
  expect(JSON.stringify(logged.mock.calls)).not.toContain('jane-roe');
});

test('logs ten failures of a batch at most, and reports all of them', async () => {
  const logged = jest.spyOn(logger, 'error').mockImplementation();
  const Records = Array.from({ length: 12 }, (_, index) => record(String(index)));
  const handler = createStreamHandler('contact-indexer', () => Promise.reject(new Error('no')));

  expect((await handler({ Records }, context)).batchItemFailures).toHaveLength(12);
  expect(logged).toHaveBeenCalledTimes(10);
});
