// What the house rules ask of every source file, where no linter has a rule for it.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { root } from '#support/root.ts';

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)));
const sources = files
  .filter((file) => /\.m?ts$/.test(file))
  .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));
const deployed = sources.filter(({ file }) => /^(functions|layers)\//.test(file));
const product = sources.filter(({ file }) => /^(functions|layers|tools)\//.test(file));

const filesWith = (pattern: RegExp, where = sources) =>
  where.filter(({ text }) => pattern.test(text)).map(({ file }) => file);

test('an import from another folder uses an alias, so that moving a file changes one line', () => {
  expect(sources.length).toBeGreaterThan(500);
  expect(filesWith(/(from|import|import\(|require\(|mock\()\s*'\.\.\/\.\.\//)).toEqual([]);
});

describe('the idioms of DynamoDB are in platform/dynamodb only', () => {
  const others = product.filter(
    ({ file }) => !/^(layers\/core\/src\/platform\/dynamodb|tools\/local\/(emulators|engine))\//.test(file),
  );

  test.each(['LastEvaluatedKey', 'ConditionalCheckFailed'])('%s', (name) => {
    expect(filesWith(new RegExp(name), others)).toEqual([]);
  });
});

test('an index.ts of the layer only re-exports', () => {
  const indexes = deployed.filter(({ file }) => /^layers\/.*\/index\.ts$/.test(file));

  expect(filesWith(/^(export )?(async function|function|const|class|interface)\b/m, indexes)).toEqual([]);
});

test('an exported name exists once in the layer', () => {
  const declared = deployed.flatMap(({ file, text }) =>
    [...text.matchAll(/^export (?:async )?(?:function\*?|const|class|interface|type|enum) (\w+)/gm)].map(
      ([, name]) => ({ name, file }),
    ),
  );
  const byName = Map.groupBy(declared, ({ name }) => name);
  const twice = [...byName].filter(([name, places]) => name !== 'handler' && places.length > 1);

  expect(twice.map(([name, places]) => `${name}: ${places.map(({ file }) => file).join(', ')}`)).toEqual([]);
});

describe('the vocabulary that the glossary replaced does not come back', () => {
  const FILES = [
    ...[
      'asking',
      'calls-within',
      'certainly',
      'crowd',
      'custom-resource-answer',
      'decide',
      'fields',
      'former-flow',
    ],
    ...[
      'last-answers',
      'lines',
      'look-ahead',
      'machine',
      'make-alike',
      'outage',
      'own-flows',
      'pace',
      'pacing',
      'parties',
    ],
    ...['questions', 'sweep', 'tidy', 'transaction', 'undecided', 'unprocessed', 'words', 'world'],
  ];
  const WORDS = [
    ...[
      'appointed',
      'askFirst',
      'asksFor',
      'asksToFollow',
      'certainly',
      'createCheck',
      'createSetup',
      'eachParallel',
    ],
    ...[
      'FindEarlier',
      'followDue',
      'giveBack',
      'giveDirect',
      'giveExtension',
      'grantWish',
      'HESITATION_MS',
      'hurried',
    ],
    ...[
      'insist',
      'isHopeless',
      'judgeClaim',
      'letGo',
      'makeAlike',
      'movedMeanwhile',
      'moveNames',
      'NUMBER_ASTRAY',
    ],
    ...[
      'openBody',
      'openDirectory',
      'openMessages',
      'openSupply',
      'orUnavailable',
      'refusedPositions',
      'refuseWish',
    ],
    ...[
      'sealBody',
      'sendUntilProcessed',
      'serveWaiting',
      'settleEnvironment',
      'settleUser',
      'SOON_MS',
      'StandIn',
    ],
    ...['Supply', 'takePreferred', 'tellUnwritten', 'TouchedKeys', 'unawaited', 'whileStill', 'whileTarget'],
  ];
  /** Words with an honest other use; as the name of a function or a constant they said too little. */
  const DECLARED = [
    ...[
      'advance',
      'asking',
      'crowd',
      'decide',
      'end',
      'follow',
      'heed',
      'hold',
      'most',
      'nobody',
      'nothing',
      'open',
    ],
    ...[
      'place',
      'settle',
      'sweep',
      'tidy',
      'told',
      'truth',
      'usual',
      'Mark',
      'Patience',
      'Place',
      'Section',
      'Wish',
    ],
  ];

  test('in names of files', () => {
    const old = new Set(FILES);
    expect(
      files.filter((file) => /\.ts$/.test(file) && old.has(basename(file).replace(/(\.test)?\.ts$/, ''))),
    ).toEqual([]);
  });

  test('in code', () => {
    const others = sources.filter(({ file }) => file !== 'tests/unit/house.test.ts');
    expect(filesWith(new RegExp(`\\b(${WORDS.join('|')})\\b`), others)).toEqual([]);
    expect(filesWith(/stand-in|\bsweep/i, others)).toEqual([]);
  });

  test('as declared names', () => {
    const names = DECLARED.join('|');
    const declared = new RegExp(
      `^\\s*(export )?(async )?function (${names})\\b|^export (const|class|interface|type) (${names})\\b`,
      'm',
    );
    expect(filesWith(declared, product)).toEqual([]);
  });

  test.each([
    ['stored keys', /DISPATCHER#FOLLOW|'OUT'|'IN'/],
    ['metrics and alarms', /MessagesUndecided|AgentsServed|AgentsMoved/],
  ])('in %s', (_, pattern) => expect(filesWith(pattern, product)).toEqual([]));

  test('in documents, in American English', () => {
    const documents = files
      .filter((file) => /\.(md|ya?ml)$/.test(file) && file !== 'CHANGELOG.md')
      .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));
    expect(
      filesWith(
        /stand-in|\b(organis|recognis|normalis|behaviour|colour|dialled|licence|artefact)/i,
        documents,
      ),
    ).toEqual([]);
    expect(filesWith(/\b(mend(s|ed)?|shall|whoever|whom|heed)\b/i, documents)).toEqual([]);
  });
});
