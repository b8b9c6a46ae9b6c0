import { agentItem } from '#core/directory/agents.ts';
import { nameRowKey } from '#core/directory/name-rows.ts';
import { spellName } from '#core/directory/name-spelling.ts';
import { findAgentsByKeys } from '#core/names/find-agents-by-name.ts';
import { memoryDynamoDb } from '#support/memory-dynamodb.ts';

interface Person {
  id?: string;
  firstName?: string;
  lastName?: string;
  extension?: string;
  spellings?: string[];
  /** The rows, where they are not those of the spellings. */
  rows?: string[];
}

function directoryOf(people: Person[]) {
  const db = memoryDynamoDb(() => 0);
  const sent: { name: string; input: object }[] = [];
  people.forEach(({ id, firstName = '', lastName = '', ...parts }, position) => {
    const agentId = id ?? `agent-${position}`;
    const { spellings = spellName({ firstName, lastName }), rows = spellings } = parts;
    const item = agentItem({
      ...{ agentId, arn: '', username: `user-${position}`, firstName, lastName, spellings },
      ...{ fingerprint: '', addedAt: '', placement: { extension: parts.extension ?? `10${position}` } },
    });
    for (const entry of [item, ...rows.map((keys) => nameRowKey(keys, agentId))]) {
      db.items.set(`${entry.pk} ${entry.sk}`, entry);
      db.replica.set(`${entry.pk} ${entry.sk}`, entry);
    }
  });
  const client = {
    send(command: Parameters<typeof db.client.send>[0]) {
      sent.push({ name: command.constructor.name, input: command.input });
      return db.client.send(command);
    },
  } as unknown as typeof db.client;
  return { db, sent, directory: { client, table: 'directory' } };
}

async function namesFor(keys: string, people: Person[]): Promise<string[]> {
  const { matches } = await findAgentsByKeys(directoryOf(people).directory, keys);
  return matches.map(({ displayName }) => displayName);
}

const jane = { firstName: 'Jane', lastName: 'Roe' };

test.each([
  ['the last name', '763'],
  ['the first name', '5263'],
  ['the beginning of the first name', '526'],
  ['the last and the first name', '7635263'],
  ['the last name and the beginning of the first', '76352'],
])('finds an agent by %s', async (_, keys) => {
  await expect(namesFor(keys, [jane, { firstName: 'Max', lastName: 'Weber' }])).resolves.toEqual([
    'Jane Roe',
  ]);
});

test.each([['76352634'], ['764'], ['635']])(
  'finds no agent by keys that begin no spelling: %s',
  async (keys) => {
    await expect(namesFor(keys, [jane])).resolves.toEqual([]);
  },
);

test('returns an agent with several matching spellings once', async () => {
  const { directory } = directoryOf([{ firstName: 'Muriel', lastName: 'Muri' }]);

  await expect(findAgentsByKeys(directory, '687')).resolves.toMatchObject({
    matches: [{ displayName: 'Muriel Muri' }],
    more: false,
  });
});

test('returns exact spellings first, then sorts by last name and first name', async () => {
  const people = [
    { firstName: 'Zoe', lastName: 'Roeder' },
    { firstName: 'Ada', lastName: 'Roemer' },
    { firstName: 'Max', lastName: 'Roe' },
  ];

  await expect(namesFor('763', people)).resolves.toEqual(['Max Roe', 'Zoe Roeder', 'Ada Roemer']);
});

test('sorts agents with the same name by ID', async () => {
  const { directory } = directoryOf([
    { ...jane, id: 'b' },
    { ...jane, id: 'a' },
  ]);

  const { matches } = await findAgentsByKeys(directory, '763');

  expect(matches.map(({ agentId }) => agentId)).toEqual(['a', 'b']);
});

test.each([
  [3, false],
  [4, true],
])('returns at most three of %i agents; more: %s', async (count, more) => {
  const { directory } = directoryOf(Array.from({ length: count }, () => jane));

  const answer = await findAgentsByKeys(directory, '763');

  expect(answer.matches).toHaveLength(3);
  expect(answer.more).toBe(more);
});

test('reads one page of rows and twelve agents for 1,000 agents with the same name', async () => {
  const { directory, sent } = directoryOf(Array.from({ length: 1_000 }, () => jane));

  const answer = await findAgentsByKeys(directory, '763');

  expect(answer).toMatchObject({ matches: { length: 3 }, more: true });
  expect(sent.map(({ name }) => name)).toEqual(['QueryCommand', 'BatchGetCommand']);
  expect(sent[0]?.input).toMatchObject({ Limit: 98 });
  expect(sent[1]?.input).toMatchObject({ RequestItems: { directory: { Keys: { length: 12 } } } });
});

test('reports more agents when rows beyond the first twelve were not read', async () => {
  const { directory, db } = directoryOf(
    Array.from({ length: 20 }, (_, position) => ({
      ...jane,
      id: `agent-${String(position).padStart(2, '0')}`,
    })),
  );
  for (let gone = 1; gone < 12; gone += 1)
    db.items.delete(`AGENT#agent-${String(gone).padStart(2, '0')} AGENT`);

  await expect(findAgentsByKeys(directory, '763')).resolves.toMatchObject({
    matches: [{ agentId: 'agent-00' }],
    more: true,
  });
});

test.each<[string, Person]>([
  ['whose name changed', { ...jane, spellings: ['932'], rows: ['763'] }],
  ['who is unlisted', { ...jane, spellings: [], rows: ['763'] }],
])('an outdated row does not match an agent %s', async (_, person) => {
  const { directory } = directoryOf([person]);

  await expect(findAgentsByKeys(directory, '763')).resolves.toEqual({ matches: [], more: false });
});

test('an outdated row does not match a removed agent or an agent without an extension', async () => {
  const { directory, db } = directoryOf([jane, { ...jane, id: 'b' }]);
  db.items.delete('AGENT#agent-0 AGENT');
  const { extension: _, ...waiting } = db.items.get('AGENT#b AGENT') ?? {};
  db.items.set('AGENT#b AGENT', waiting);

  await expect(findAgentsByKeys(directory, '763')).resolves.toEqual({ matches: [], more: false });
});

test('ignores a row without an agent ID', async () => {
  const { directory, db } = directoryOf([]);
  db.replica.set('NAME#763 763', { pk: 'NAME#763', sk: '763' });

  await expect(findAgentsByKeys(directory, '763')).resolves.toEqual({ matches: [], more: false });
});

test('reads no agent without a row', async () => {
  const { directory, sent } = directoryOf([jane]);

  await findAgentsByKeys(directory, '999');

  expect(sent.map(({ name }) => name)).toEqual(['QueryCommand']);
});
