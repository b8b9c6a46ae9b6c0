import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ANSWER_STATUSES } from '#support/published-metrics.ts';
import { root } from '#support/root.ts';
import { evaluatedPropertiesOf, ofType, propertiesOf } from '#support/template.ts';
import { ASSUMED, costsOf, costTable, PRICES, READS, unitsPerCall } from '#tools/build/costs/model.ts';
import { costsOfTexts, textCostTable } from '#tools/build/costs/texts.ts';

test('the tables in docs/operations.md are what the model computes', () => {
  const document = readFileSync(join(root, 'docs/operations.md'), 'utf8');

  expect(document).toContain(costTable());
  expect(document).toContain(textCostTable());
});

test('a million texts cost some twenty dollars on our side, in proportion to their number', () => {
  const [some, twice] = [1_000_000, 2_000_000].map(costsOfTexts);
  const total = Object.values(some ?? {}).reduce((all, one) => all + one, 0);

  expect(total).toBeGreaterThan(10);
  expect(total).toBeLessThan(30);
  expect(twice?.DynamoDB).toBeCloseTo(2 * Number(some?.DynamoDB), 10);
});

test('functions have the memory, the architecture and the schedules that are assumed', () => {
  for (const [id] of ofType('AWS::Serverless::Function')) {
    expect(evaluatedPropertiesOf(id)).toMatchObject({
      MemorySize: ASSUMED.memoryGigabytes * 1024,
      Architectures: ['arm64'],
    });
  }
  const expiry = JSON.stringify(propertiesOf('NumberExpiryFunction').Events);
  expect(expiry).toContain('rate(1 minute)');
  expect(ASSUMED.expiryRunsPerMonth).toBe(30 * 24 * 60);
  expect(ASSUMED.syncsPerMonth).toBe((30 * 24 * 60) / 5);
});

test('every flow function that a call comes to is counted', () => {
  expect([...Object.keys(READS), 'flow-sms'].sort()).toEqual(Object.keys(ANSWER_STATUSES).sort());
});

test('an average call reads 2.8 units: two lookups of a contact, its agent, an extension, and some names', () => {
  expect(unitsPerCall()).toBeCloseTo(0.5 + 1 + 0.5 + 0.5 + 0.2 * (0.5 + 1), 10);
});

test('what calls cost is in proportion to them, and what is fixed is not', () => {
  const [none, some, twice] = [0, 1_000_000, 2_000_000].map(costsOf);

  expect(none?.Dashboard).toBe(ofType('AWS::CloudWatch::Dashboard').length * PRICES.dashboard);
  expect(Number(twice?.DynamoDB) - Number(none?.DynamoDB)).toBeCloseTo(
    2 * (Number(some?.DynamoDB) - Number(none?.DynamoDB)),
    10,
  );
  expect(twice?.Alarms).toBe(some?.Alarms);
});
