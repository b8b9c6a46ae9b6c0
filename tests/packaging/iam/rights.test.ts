import { roleOf, usesByLambda } from '#support/iam/by-lambda.ts';
import { COMBINATIONS } from '#support/iam/combinations.ts';
import { expandTemplate } from '#support/iam/expand.ts';
import { recordScenario } from '#support/iam/proof.ts';
import type { Calls } from '#support/iam/recorder.ts';
import { compareRights, grantsOf, type Right } from '#support/iam/rights.ts';
import { SCENARIOS } from '#support/iam/scenarios.ts';

const { expansions } = expandTemplate(
  process.cwd(),
  COMBINATIONS.map(({ parameters }) => parameters),
);
const functionsOf = (index: number) =>
  expansions[index]?.resources.filter(({ type }) => type === 'AWS::Lambda::Function') ?? [];
const EXACT = { notGranted: [], notUsed: [] };

test('every function has a scenario, and no scenario is for a function that is gone', () => {
  expect(Object.keys(SCENARIOS).sort()).toEqual(
    functionsOf(COMBINATIONS.length - 1)
      .map(({ id }) => id)
      .sort(),
  );
});

describe.each(COMBINATIONS.map((combination, index) => ({ ...combination, index })))(
  'with $name',
  ({ index, parameters }) => {
    const recorded: Calls = new Map();
    const expansion = expansions[index];
    if (!expansion) throw new Error('The template was not expanded.');

    beforeAll(async () => {
      for (const { id } of functionsOf(index)) {
        for (const [caller, rights] of await recordScenario(id, parameters)) {
          recorded.set(caller, [...(recorded.get(caller) ?? []), ...rights]);
        }
      }
    }, 240_000);

    test('nobody calls AWS but the functions', () => {
      const known = functionsOf(index).map(({ id }) => id);

      expect([...recorded.keys()].filter((caller) => !known.includes(caller))).toEqual([]);
    });

    describe.each(functionsOf(index).map((fn) => ({ id: fn.id, fn })))('$id', ({ id, fn }) => {
      const grants = grantsOf(roleOf(expansion, fn));
      const used = (): Right[] => [...(recorded.get(id) ?? []), ...usesByLambda(expansion, fn)];

      test('may do exactly what it and Lambda do: these actions on these resources', () => {
        expect(compareRights(grants, used())).toEqual(EXACT);
      });

      test('would be refused without any one of its rights, and a right more would be found', () => {
        for (const grant of grants) {
          const fewer = grants.filter((one) => one !== grant);
          expect(compareRights(fewer, used()).notGranted).not.toEqual([]);
        }
        for (const extra of [
          { action: 'dynamodb:Scan', resource: '*' },
          { action: 'dynamodb:DeleteTable', resource: grants[0]?.resource ?? '' },
          { action: 'kms:Decrypt', resource: '*' },
        ]) {
          expect(compareRights([...grants, extra], used())).toEqual({ notGranted: [], notUsed: [extra] });
        }
      });
    });
  },
);
