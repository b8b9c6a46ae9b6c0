import { type DirectoryNumber, maySendTexts, numberFromItem, numberItem } from '#core/directory/numbers.ts';

const owner = { agentId: 'a1', arn: 'arn:a1', username: 'jane', firstName: 'Jane', lastName: 'Roe' };
const base = { number: '0042', pool: 'extension' };
const dueAt = '2026-12-01T08:00:00.000Z';

const states: DirectoryNumber[] = [
  { ...base, state: 'UNUSED' },
  { ...base, state: 'RESERVED', dueAt, reservationId: 'r1' },
  { ...base, state: 'QUARANTINED', dueAt },
  { ...base, state: 'ASSIGNED', owner },
  { ...base, state: 'BLOCKED', reason: 'NO_FLOW' },
  {
    ...{ number: '+16135550100', pool: 'direct', state: 'BLOCKED', reason: 'OTHER_FLOW' },
    ...{ source: 'connect', phoneNumberId: 'p1', country: 'CA', type: 'DID', sms: false },
  },
];

test.each(states)('reads back the number that it writes: $state', (record) => {
  expect(numberFromItem(numberItem(record))).toEqual(record);
});

test('writes the index keys of each state', () => {
  const keys = states.map((record) => {
    const { pk, sk, gsi1pk, gsi1sk } = numberItem(record);
    return [pk, sk, gsi1pk, gsi1sk];
  });

  expect(keys).toEqual([
    ['NUMBER#0042', 'NUMBER', 'UNUSED#extension', '0042'],
    ['NUMBER#0042', 'NUMBER', 'DUE', `${dueAt}#0042`],
    ['NUMBER#0042', 'NUMBER', 'DUE', `${dueAt}#0042`],
    ['NUMBER#0042', 'NUMBER', 'ASSIGNED#extension', '0042'],
    ['NUMBER#0042', 'NUMBER', 'BLOCKED#extension', '0042'],
    ['NUMBER#+16135550100', 'NUMBER', 'BLOCKED#direct', '+16135550100'],
  ]);
});

test.each([
  [undefined],
  [{}],
  [{ pk: 'NUMBER#1', sk: 'AGENT' }],
  [{ pk: 'NUMBER#1', sk: 'NUMBER', state: 'LOST' }],
  [{ pk: 'NUMBER#1', sk: 'NUMBER', state: 'ASSIGNED' }],
])('%j is not a number', (item) => {
  expect(numberFromItem(item)).toBeUndefined();
});

test('reads an unknown block reason as MANUAL', () => {
  const item = { pk: 'NUMBER#1', sk: 'NUMBER', pool: 'extension', state: 'BLOCKED', reason: 'WHY_NOT' };

  expect(numberFromItem(item)).toMatchObject({ state: 'BLOCKED', reason: 'MANUAL' });
});

const direct = { number: '+16135550100', pool: 'direct' };

test.each<[boolean, DirectoryNumber | undefined]>([
  [true, { ...direct, state: 'ASSIGNED', owner }],
  [true, { ...direct, state: 'ASSIGNED', owner, sms: true }],
  [true, { ...direct, state: 'BLOCKED', reason: 'OTHER_FLOW' }],
  [false, { ...direct, state: 'ASSIGNED', owner, sms: false }],
  [false, { ...direct, state: 'BLOCKED', reason: 'NOT_IN_CONNECT' }],
  [false, { ...direct, state: 'UNUSED' }],
  [false, { ...base, state: 'ASSIGNED', owner }],
  [false, undefined],
])('whether texts may be sent from a number: %j for %j', (expected, record) => {
  expect(maySendTexts(record)).toBe(expected);
});
