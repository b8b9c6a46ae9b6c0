import { isNoopUpdate, toDynamodbRecord } from '#tools/local/event-sources/dynamodb-record.ts';

const record = (eventName: 'INSERT' | 'MODIFY', OldImage: object | undefined, NewImage: object) =>
  toDynamodbRecord(
    {
      eventID: '1',
      eventName,
      dynamodb: {
        ApproximateCreationDateTime: new Date(1_700_000_000_500),
        Keys: { pk: { S: 'a' } },
        SequenceNumber: '7',
        NewImage: NewImage as never,
        ...(OldImage ? { OldImage: OldImage as never } : {}),
      },
    },
    'arn:stream',
  );

test('a record is delivered with binary as base64 and its time in seconds', () => {
  expect(
    record('INSERT', undefined, {
      blob: { B: new Uint8Array([1, 2, 3]) },
      set: { BS: [new Uint8Array([4])] },
    }),
  ).toEqual({
    eventID: '1',
    eventName: 'INSERT',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'eu-central-1',
    eventSourceARN: 'arn:stream',
    dynamodb: {
      ApproximateCreationDateTime: 1_700_000_000,
      Keys: { pk: { S: 'a' } },
      NewImage: { blob: { B: 'AQID' }, set: { BS: ['BA=='] } },
      SequenceNumber: '7',
    },
  });
});

test('an update that changes nothing is recognized, whatever the order of attributes and sets', () => {
  const before = { a: { S: '1' }, keys: { SS: ['x', 'y'] } };

  expect(isNoopUpdate(record('MODIFY', before, { keys: { SS: ['y', 'x'] }, a: { S: '1' } }))).toBe(true);
  expect(isNoopUpdate(record('MODIFY', before, { ...before, a: { S: '2' } }))).toBe(false);
  expect(isNoopUpdate(record('MODIFY', { l: { L: [1, 2] } }, { l: { L: [2, 1] } }))).toBe(false);
  expect(isNoopUpdate(record('INSERT', undefined, before))).toBe(false);
});
