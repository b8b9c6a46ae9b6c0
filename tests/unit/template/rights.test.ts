import { join } from 'node:path';
import { build } from 'esbuild';
import { folderOf, functionIds, list, propertiesOf, root, statementsOf } from './support.ts';

/** What an action of a transaction, or a command of the document client, needs. */
const ACTIONS: Record<string, string> = {
  BatchGet: 'dynamodb:BatchGetItem',
  BatchWrite: 'dynamodb:BatchWriteItem',
  Delete: 'dynamodb:DeleteItem',
  Get: 'dynamodb:GetItem',
  Put: 'dynamodb:PutItem',
  Query: 'dynamodb:Query',
  Scan: 'dynamodb:Scan',
  Update: 'dynamodb:UpdateItem',
  ConditionCheck: 'dynamodb:ConditionCheckItem',
  GenerateMac: 'kms:GenerateMac',
  SearchUsers: 'connect:SearchUsers',
  DescribeUser: 'connect:DescribeUser',
  PutObject: 's3:PutObject',
};

/** What Lambda and its sources do with the role, without a line of ours. */
const BY_LAMBDA = new Set([
  'logs:CreateLogStream',
  'logs:PutLogEvents',
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'sqs:SendMessage',
  'dynamodb:DescribeStream',
  'dynamodb:GetRecords',
  'dynamodb:GetShardIterator',
  'dynamodb:ListStreams',
]);

/** The AWS actions in the code that a function can reach, as esbuild finds by leaving out what it cannot. */
async function actionsIn(folder: string): Promise<string[]> {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'functions', folder, 'index.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    treeShaking: true,
    plugins: [
      {
        name: 'layer-by-source',
        setup({ onResolve }) {
          onResolve({ filter: /^@switchboard\/core\// }, ({ path }) => ({ path: require.resolve(path) }));
        },
      },
    ],
  });
  const code = outputFiles.map(({ text }) => text).join('');
  const names = [
    ...code.matchAll(/\bnew (\w+?)Command\d*\(/g),
    // The parts of a transaction are written as { Put: { … } }.
    ...(/TransactWriteCommand\d*\(/.test(code)
      ? code.matchAll(/\b(Put|Update|Delete|ConditionCheck): \{/g)
      : []),
  ].map(([, name = '']) => name);
  const unknown = names.filter((name) => name !== 'TransactWrite' && ACTIONS[name] === undefined);
  if (unknown.length > 0) throw new Error(`Which actions do these need? ${unknown.join(', ')}`);
  return [...new Set(names.flatMap((name) => ACTIONS[name] ?? []))].sort();
}

test.each(functionIds)('the role of %s allows what its code calls and nothing else', async (id) => {
  const role = id.replace(/Function$/, 'Role');
  const allowed = new Set(statementsOf(role).flatMap(({ actions }) => actions));

  expect([...allowed].filter((action) => !BY_LAMBDA.has(action)).sort()).toEqual(
    await actionsIn(folderOf(id)),
  );
});

test('only functions with a dead-letter queue may send to one', () => {
  for (const id of functionIds) {
    const actions = statementsOf(id.replace(/Function$/, 'Role')).flatMap(({ actions }) => actions);
    const events = JSON.stringify(list(propertiesOf(id).Events));
    const hasQueue = 'DeadLetterQueue' in propertiesOf(id) || events.includes('OnFailure');

    expect(actions.includes('sqs:SendMessage')).toBe(hasQueue);
  }
});

test('what reads an index may query that index, and the table itself only where it reads that', () => {
  const queried = (role: string) =>
    statementsOf(role)
      .filter(({ actions }) => actions.includes('dynamodb:Query'))
      .flatMap(({ resources }) => resources.map((resource) => resource.replace(/^.*:table\//, '')));

  expect(queried('NumberSweepRole')).toEqual(['DirectoryTable/index/AssignmentIndex']);
  // The sync reads its own state, seed and lease in one Query of the table.
  expect(queried('AgentSyncRole')).toEqual(['DirectoryTable', 'DirectoryTable/index/AssignmentIndex']);
});
