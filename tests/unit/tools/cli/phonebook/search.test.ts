import type { ConnectSender } from '#core/connect/connect.ts';
import { runCommand } from '#support/cli.ts';
import { fakeClock, INSTANCE_ARN } from '#support/directory.ts';
import { createCliConnect } from '#tools/cli/phonebook/connect.ts';

/** Searches in a Connect that has no numbers, and returns what it was asked for. */
async function search(...argv: string[]) {
  const requests: object[] = [];
  const send = async ({ input }: { input: object }) => {
    requests.push(input);
    return {};
  };
  const client = { send } as unknown as ConnectSender;
  const run = await runCommand(['phonebook', 'search', ...argv, '--instance', INSTANCE_ARN], {
    createConnect: (arn) => createCliConnect(arn, { client, clock: fakeClock() }),
  });
  return { ...run, requests };
}

test.each([
  [
    ['613'],
    { PhoneNumberPrefix: '+1613', PhoneNumberCountryCode: 'CA', PhoneNumberType: 'DID', MaxResults: 10 },
  ],
  [['613', '--country', 'ca'], { PhoneNumberPrefix: '+1613', PhoneNumberCountryCode: 'CA' }],
  [['+1613'], { PhoneNumberPrefix: '+1613', PhoneNumberCountryCode: 'CA' }],
  [['+44207', '--country', 'GB'], { PhoneNumberPrefix: '+44207', PhoneNumberCountryCode: 'GB' }],
  [['30', '--country', 'DE'], { PhoneNumberPrefix: '+4930', PhoneNumberCountryCode: 'DE' }],
  [['833', '--type', 'toll_free', '--limit', '3'], { PhoneNumberType: 'TOLL_FREE', MaxResults: 3 }],
])('search %j requests %j', async (argv, request) => {
  expect((await search(...argv)).requests).toEqual([expect.objectContaining(request)]);
});

test.each([
  ['+1833', 'error: Numbers that begin with +1833 are toll-free. Add --type TOLL_FREE.'],
  ['+1212', 'error: Connect offers no number of US that begins with +1212'],
])('a search for numbers that begin with %s and do not exist fails', async (prefix, words) => {
  expect(await search(prefix)).toMatchObject({ code: 1, lines: '', errors: expect.stringContaining(words) });
});
