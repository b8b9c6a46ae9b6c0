import { matchesSearch } from '#tools/local/emulators/connect/search.ts';
import type { ConnectUser } from '#tools/local/emulators/connect/users.ts';

const user: ConnectUser = {
  Id: 'id',
  Arn: 'arn',
  Username: 'ada.martin',
  IdentityInfo: { FirstName: 'Ada', LastName: 'Martin' },
  PhoneConfig: {},
  RoutingProfileId: 'routing',
  SecurityProfileIds: [],
  Tags: { team: 'sales' },
};
const condition = (FieldName: string, Value: string, ComparisonType = 'EXACT') => ({
  StringCondition: { FieldName, Value, ComparisonType },
});

test('strings are compared as asked, without regard to case', () => {
  expect(matchesSearch(user, condition('Username', 'ADA.MARTIN'), {})).toBe(true);
  expect(matchesSearch(user, condition('FirstName', 'ad', 'STARTS_WITH'), {})).toBe(true);
  expect(matchesSearch(user, condition('LastName', 'art', 'CONTAINS'), {})).toBe(true);
  expect(matchesSearch(user, condition('LastName', 'art'), {})).toBe(false);
  expect(matchesSearch(user, condition('Nothing', ''), {})).toBe(false);
});

test('conditions combine, and tags count', () => {
  const [yes, no] = [condition('Username', 'ada.martin'), condition('Username', 'x')];

  expect(matchesSearch(user, { AndConditions: [yes, no] }, {})).toBe(false);
  expect(matchesSearch(user, { OrConditions: [yes, no] }, {})).toBe(true);
  expect(
    matchesSearch(user, {}, { TagFilter: { TagCondition: { TagKey: 'team', TagValue: 'sales' } } }),
  ).toBe(true);
  expect(matchesSearch(user, {}, { TagFilter: { TagCondition: { TagKey: 'team', TagValue: 'x' } } })).toBe(
    false,
  );
});
