import { indexBatch } from '#core/contacts/indexing/index.ts';
import { awsError, streamRecord, testKeyring } from '#support/contacts.ts';
import { createFakeIndex } from '#support/fake-index.ts';

const hash = testKeyring().hash('ref:1');

it('indexes a batch, and a malformed record fails alone', async () => {
  const index = createFakeIndex({ a: [hash], b: [hash] });
  const poison = streamRecord('a b', null, [hash]);

  const failures = await indexBatch(index, [
    streamRecord('a', null, [hash]),
    poison,
    streamRecord('b', null, [hash]),
  ]);

  expect(failures.map(({ record }) => record)).toEqual([poison]);
  expect([...index.rows].sort()).toEqual([`${hash}/a`, `${hash}/b`]);
});

it('fails all records of a contact whose rows could not be written', async () => {
  const index = createFakeIndex({ a: [hash] }, ({ kind }) => {
    if (kind === 'write') throw awsError('ThrottlingException');
    return undefined;
  });
  const records = [
    streamRecord('a', null, [hash]),
    streamRecord('b', [], []),
    streamRecord('a', [hash], [hash]),
  ];

  const failures = await indexBatch(index, records);

  expect(failures.map(({ record }) => record)).toEqual([records[0], records[2]]);
});
