import { sendUntilProcessed } from '#core/platform/dynamodb/batch.ts';

beforeEach(() => jest.spyOn(Math, 'random').mockReturnValue(0));
afterEach(() => jest.restoreAllMocks());

test('sends again what was left, until nothing is', async () => {
  const answers = [{ table: ['b', 'c'] }, { table: ['c'] }, {}];
  const sent: unknown[] = [];

  const done = await sendUntilProcessed({ table: ['a', 'b', 'c'] }, async (requests) => {
    sent.push(requests);
    return answers.shift() as typeof requests | undefined;
  });

  expect(done).toBe(true);
  expect(sent).toEqual([{ table: ['a', 'b', 'c'] }, { table: ['b', 'c'] }, { table: ['c'] }]);
});

test('says that something is left after eight times', async () => {
  let times = 0;

  const done = await sendUntilProcessed({ table: ['a'] }, async (requests) => {
    times += 1;
    return requests;
  });

  expect(done).toBe(false);
  expect(times).toBe(8);
});
