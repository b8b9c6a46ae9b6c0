import {
  type DirectoryNumber,
  freeNumber,
  numberFromItem,
  numberItem,
} from '../../../../layers/core/src/directory/numbers.ts';

const owner = { agentId: 'a1', arn: 'arn:a1', username: 'jane', firstName: 'Jane', lastName: 'Roe' };
const base = { number: '0042', pool: 'extension' };
const dueAt = '2026-12-01T08:00:00.000Z';

const states: DirectoryNumber[] = [
  { ...base, state: 'UNUSED' },
  { ...base, state: 'RESERVED', dueAt },
  { ...base, state: 'QUARANTINED', dueAt },
  { ...base, state: 'ASSIGNED', owner },
  { ...base, state: 'BLOCKED' },
];

test.each(states)('a number comes back from its item as it went in: $state', (record) => {
  expect(numberFromItem(numberItem(record))).toEqual(record);
});

test('each state has the index keys by which it is found', () => {
  const keys = states.map((record) => {
    const { pk, sk, gsi1pk, gsi1sk } = numberItem(record);
    return [pk, sk, gsi1pk, gsi1sk];
  });

  expect(keys).toEqual([
    ['NUMBER#0042', 'NUMBER', 'UNUSED#extension', '0042'],
    ['NUMBER#0042', 'NUMBER', 'DUE', `${dueAt}#0042`],
    ['NUMBER#0042', 'NUMBER', 'DUE', `${dueAt}#0042`],
    ['NUMBER#0042', 'NUMBER', undefined, undefined],
    ['NUMBER#0042', 'NUMBER', undefined, undefined],
  ]);
});

test.each([
  [undefined],
  [{}],
  [{ pk: 'NUMBER#1', sk: 'AGENT' }],
  [{ pk: 'NUMBER#1', sk: 'NUMBER', state: 'LOST' }],
  [{ pk: 'NUMBER#1', sk: 'NUMBER', state: 'ASSIGNED' }],
])('%j is no number', (item) => {
  expect(numberFromItem(item)).toBeUndefined();
});

test('a freed number keeps nothing of its agent', () => {
  const directory = { client: undefined as never, table: 'directory' };
  const [put] = freeNumber(directory, '0042', 'extension', 'a1', { to: 'QUARANTINED', dueAt });

  expect(Object.keys(put?.Put?.Item ?? {}).toSorted()).toEqual([
    'dueAt',
    'gsi1pk',
    'gsi1sk',
    'pk',
    'pool',
    'sk',
    'state',
  ]);
});
