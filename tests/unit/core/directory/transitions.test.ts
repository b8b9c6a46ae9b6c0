import { clearDirectNumber } from '#core/directory/agent-actions.ts';
import { agentItem } from '#core/directory/agents.ts';
import { type DirectoryNumber, getNumber, type NumberStatus, numberItem } from '#core/directory/numbers.ts';
import { type Directory, writeActions } from '#core/directory/table.ts';
import {
  addDirectNumber,
  changeNumberState,
  type NumberInState,
  planRelease,
  releaseNumber,
  removeNumber,
  renameOwner,
} from '#core/directory/transitions.ts';
import { listNumbers } from '#core/phonebook/list-numbers.ts';
import { memoryDynamoDb } from '#support/memory-dynamodb.ts';

const number = '+16135550100';
const pool = 'direct';
const details = { source: 'connect', phoneNumberId: 'p1', country: 'CA', type: 'DID', sms: false } as const;
const owner = { agentId: 'a1', arn: 'arn:a1', username: 'jane', firstName: 'Jane', lastName: 'Roe' };
const dueAt = '2026-12-01T08:00:00.000Z';
const statuses: NumberStatus[] = [
  { state: 'UNUSED' },
  { state: 'RESERVED', dueAt, reservationId: 'r1' },
  { state: 'QUARANTINED', dueAt },
  { state: 'ASSIGNED', owner },
  { state: 'BLOCKED', reason: 'NO_FLOW' },
];

function directoryWith(...items: Record<string, unknown>[]): Directory {
  const db = memoryDynamoDb(() => 0);
  for (const item of items) db.items.set(`${item.pk} ${item.sk}`, item);
  return { client: db.client, table: 'directory' };
}

const pairs = statuses.flatMap((from) => statuses.map((to) => [from, to] as const));

test.each(pairs)('changes a state and keeps the other attributes: %j to %j', async (from, to) => {
  const directory = directoryWith(numberItem({ number, pool, ...details, ...from }));

  expect(
    await writeActions(directory, [changeNumberState(directory, { number, pool, ...from }, to)]),
  ).toEqual([]);

  expect(await getNumber(directory, number)).toEqual({ number, pool, ...details, ...to });
});

test.each<[string, NumberStatus, NumberInState]>([
  [
    'by another reservation',
    statuses[1] as NumberStatus,
    { number, pool, state: 'RESERVED', dueAt, reservationId: 'r2' },
  ],
  [
    'at another time',
    statuses[2] as NumberStatus,
    { number, pool, state: 'QUARANTINED', dueAt: '2026-12-02' },
  ],
  [
    'to another agent',
    statuses[3] as NumberStatus,
    { number, pool, state: 'ASSIGNED', owner: { agentId: 'a2' } },
  ],
  [
    'but is listed again',
    statuses[3] as NumberStatus,
    { number, pool, state: 'ASSIGNED', owner, missingSince: dueAt },
  ],
  [
    'but missing since another time',
    { state: 'ASSIGNED', owner, missingSince: '2026-12-02' },
    { number, pool, state: 'ASSIGNED', owner, missingSince: dueAt },
  ],
  [
    'for another reason',
    statuses[4] as NumberStatus,
    { number, pool, state: 'BLOCKED', reason: 'NOT_IN_CONNECT' },
  ],
])('does not change a number that is in the same state %s', async (_, stored, from) => {
  const directory = directoryWith(numberItem({ number, pool, ...stored }));

  expect(await writeActions(directory, [changeNumberState(directory, from, { state: 'UNUSED' })])).toEqual([
    0,
  ]);
  expect(await writeActions(directory, [removeNumber(directory, from)])).toEqual([0]);
});

test('adds a direct number only once', async () => {
  const directory = directoryWith();
  const create = addDirectNumber(directory, number, details, { state: 'BLOCKED', reason: 'OTHER_FLOW' });

  expect(await writeActions(directory, [create])).toEqual([]);
  expect(await writeActions(directory, [create])).toEqual([0]);
  expect(await getNumber(directory, number)).toMatchObject({
    pool: 'direct',
    reason: 'OTHER_FLOW',
    sms: false,
  });
});

test('revokes a number in the number and in the agent, or in neither', async () => {
  const agent = {
    ...owner,
    spellings: [],
    fingerprint: 'f',
    addedAt: dueAt,
    placement: { extension: '1000' },
  };
  const assigned: DirectoryNumber = { number, pool, state: 'ASSIGNED', owner };
  const blocked = { state: 'BLOCKED', reason: 'NOT_IN_CONNECT' } as const;
  const directory = directoryWith(numberItem(assigned), agentItem({ ...agent, directNumber: number }));
  const another = directoryWith(numberItem(assigned), agentItem(agent));
  const revoke = (where: Directory) =>
    writeActions(where, [
      changeNumberState(where, assigned, blocked),
      clearDirectNumber(where, 'a1', number),
    ]);

  expect(await revoke(directory)).toEqual([]);
  expect(await getNumber(directory, number)).toMatchObject(blocked);
  expect(await revoke(another)).toEqual([1]);
  expect(await getNumber(another, number)).toEqual(assigned);
});

test('releases a number into quarantine without the attributes of its agent', async () => {
  const directory = directoryWith(numberItem({ number, pool, state: 'ASSIGNED', owner }));
  const freed = planRelease(10, Date.parse('2026-11-21T08:00:00.000Z'));

  await writeActions(directory, releaseNumber(directory, number, pool, 'a1', freed));

  expect(await getNumber(directory, number)).toEqual({ number, pool, state: 'QUARANTINED', dueAt });
});

test.each([
  [0, undefined, { to: 'UNUSED' }],
  [0, '1000-1099', { to: 'REMOVED', target: '1000-1099' }],
  [10, '1000-1099', { to: 'QUARANTINED', dueAt }],
])('plans the release with %j days of quarantine, outside of %j: %j', (days, outsideOf, freed) => {
  expect(planRelease(days, Date.parse('2026-11-21T08:00:00.000Z'), outsideOf)).toEqual(freed);
});

test('writes the index keys that older assignments lack when it renames the owner', async () => {
  const { gsi1pk: _, gsi1sk: __, ...old } = numberItem({ number, pool, state: 'ASSIGNED', owner });
  const directory = directoryWith(old);

  await writeActions(directory, [renameOwner(directory, number, pool, { ...owner, lastName: 'Doe' })]);

  expect(await getNumber(directory, number)).toMatchObject({ owner: { ...owner, lastName: 'Doe' } });
  const { numbers } = await listNumbers(directory, { state: 'ASSIGNED', pool, limit: 10 });
  expect(numbers).toEqual([{ phoneNumber: number, pool, state: 'ASSIGNED', userId: 'a1' }]);
});
