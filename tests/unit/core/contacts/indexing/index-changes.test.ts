import type { DynamoDBRecord } from 'aws-lambda';
import { readIndexChanges } from '#core/contacts/indexing/index-changes.ts';
import { streamRecord, testKeyring } from '#support/contacts.ts';

const [a = '', b = '', c = ''] = ['a', 'b', 'c'].map((text) => testKeyring().hash(text));

it('takes the keys that a contact gained or lost, whatever records say so', () => {
  const { changed: touched } = readIndexChanges([
    streamRecord('C-1', null, [a, b]),
    streamRecord('C-1', [a, b], [b, c]),
    streamRecord('C-2', [a], null),
  ]);

  expect(touched).toEqual(
    new Map([
      ['C-1', new Set([a, b, c])],
      ['C-2', new Set([a])],
    ]),
  );
});

it('leaves contacts alone whose keys did not change', () => {
  expect(readIndexChanges([streamRecord('C-1', [a], [a]), streamRecord('C-2', null, [])]).changed.size).toBe(
    0,
  );
});

it('ignores items that are no profile', () => {
  const audience: DynamoDBRecord = {
    eventName: 'INSERT',
    dynamodb: { Keys: { pk: { S: 'CONTACT#C-1' }, sk: { S: 'AUDIENCE#vip' } } },
  };
  expect(readIndexChanges([audience])).toEqual({ changed: new Map(), records: [], malformed: [] });
});

const good = streamRecord('C-1', [a], [b]);
const key = good.dynamodb?.Keys;

it.each<[string, DynamoDBRecord]>([
  ['nothing', {}],
  ['no key', { eventName: 'MODIFY', dynamodb: { OldImage: {}, NewImage: {} } }],
  [
    'a sort key of another type',
    { ...good, dynamodb: { ...good.dynamodb, Keys: { ...key, sk: { N: '1' } } } },
  ],
  [
    'the key of something else',
    { ...good, dynamodb: { ...good.dynamodb, Keys: { ...key, pk: { S: 'AUDIENCE#1' } } } },
  ],
  [
    'an id that cannot be',
    { ...good, dynamodb: { ...good.dynamodb, Keys: { ...key, pk: { S: 'CONTACT#MARKED MARKED' } } } },
  ],
  ['no new image', { eventName: 'MODIFY', dynamodb: { Keys: key ?? {}, OldImage: {} } }],
  ['no old image', { eventName: 'MODIFY', dynamodb: { Keys: key ?? {}, NewImage: {} } }],
  ['keys of another type', { ...good, dynamodb: { ...good.dynamodb, NewImage: { keys: { S: 'MARKED' } } } }],
  [
    'keys that are no hashes',
    { ...good, dynamodb: { ...good.dynamodb, NewImage: { keys: { SS: ['MARKED'] } } } },
  ],
])('sets a record with %s apart, and takes the rest of the batch', (_, record) => {
  const changes = readIndexChanges([record, good]);

  expect(changes.malformed).toEqual([
    { record, error: expect.objectContaining({ code: 'MALFORMED_RECORD' }) },
  ]);
  expect(String(changes.malformed[0]?.error)).not.toContain('MARKED');
  expect([...changes.changed.keys()]).toEqual(['C-1']);
});
