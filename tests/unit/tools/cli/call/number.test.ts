import { numberToCall } from '#tools/cli/call/number.ts';

const NUMBERS = [
  { number: '+18005550142', flow: undefined },
  { number: '+18005550199', flow: 'inbound' },
];
const called = (wanted?: string, numbers = NUMBERS) => numberToCall({ numbers: async () => numbers }, wanted);

test('the number that is wanted, or the first that leads to a flow', async () => {
  expect(await called('+18005550199')).toEqual({ number: '+18005550199', flow: 'inbound' });
  expect(await called()).toEqual({ number: '+18005550199', flow: 'inbound' });
});

test.each([
  ['+18005550142', '+18005550142 leads to no flow.'],
  ['+18005550100', '+18005550100 is no number of the instance.'],
])('%s cannot be called, and the error lists the numbers there are', async (wanted, why) => {
  await expect(called(wanted)).rejects.toThrow(
    `${why} The instance has these numbers:\n  +18005550142 leads to no flow\n  +18005550199 leads to a flow`,
  );
});

test('an instance without a number that leads anywhere says so', async () => {
  await expect(called(undefined, NUMBERS.slice(0, 1))).rejects.toThrow(
    'No number of the instance leads to a flow.',
  );
  await expect(called(undefined, [])).rejects.toThrow('The instance has no numbers.');
});
