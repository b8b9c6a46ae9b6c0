import type { ConnectSender } from '#core/connect/client.ts';
import type { Connect } from '#core/connect/connect.ts';
import { fakeClock, INSTANCE_ARN, namedError } from '#support/directory.ts';
import { claimCommand } from '#tools/cli/phonebook/claim.ts';
import { connectTo } from '#tools/cli/phonebook/connect.ts';
import { searchCommand } from '#tools/cli/phonebook/search.ts';

const phoneNumber = '+16135550150';
let asked: string[];
let text: string;
const output = {
  line: (line: string) => {
    text += `${line}\n`;
  },
  error: (line: string) => {
    text += `${line}\n`;
  },
};

beforeEach(() => {
  asked = [];
  text = '';
});

/** A Connect with the flow and without the number. */
function connect(describe: () => object): Connect {
  async function send({ constructor: { name } }: object) {
    const operation = name.replace('Command', '');
    asked.push(operation);
    switch (operation) {
      case 'ListContactFlows':
        return { ContactFlowSummaryList: [{ Id: 'f', Name: 'switchboard extension-transfer' }] };
      case 'ClaimPhoneNumber':
        return { PhoneNumberId: `claim-${asked.length}` };
      case 'DescribePhoneNumber':
        return { ClaimedPhoneNumberSummary: { PhoneNumberStatus: describe() } };
      default:
        return {};
    }
  }
  return connectTo(INSTANCE_ARN, { client: { send } as unknown as ConnectSender, clock: fakeClock() });
}

function claim(calls: Connect): Promise<number> {
  const command = { name: 'claim', phoneNumber, yes: true, stack: 'switchboard' } as const;
  return claimCommand(calls, command, output, async () => true);
}

const claims = () => asked.filter((operation) => operation === 'ClaimPhoneNumber').length;

test('a claim that Connect does not know yet is in progress', async () => {
  let looks = 0;
  const calls = connect(() => {
    looks += 1;
    if (looks > 3) return { Status: 'CLAIMED' };
    throw namedError('ResourceNotFoundException', { $metadata: { httpStatusCode: 404 } });
  });

  expect(await claim(calls)).toBe(0);
  expect(text).toContain(`${phoneNumber} is claimed.`);
  expect(claims()).toBe(1);
});

test('a claim that fails at once is made anew once, and no more', async () => {
  await expect(claim(connect(() => ({ Status: 'FAILED', Message: 'Why not.' })))).rejects.toMatchObject({
    code: 'CLAIM_FAILED',
    message: expect.stringContaining('can be tried twice a day'),
  });
  expect(claims()).toBe(2);
});

test.each([
  ['+1833', 'Numbers that begin with +1833 are toll-free: add --type TOLL_FREE.'],
  ['+1613', 'Connect has no number of US that begins with +1613'],
])('a search for numbers of an area that begin with %s and are not there', async (prefix, words) => {
  const command = { name: 'search', prefix, country: 'US', type: 'DID', limit: 5 } as const;

  expect(
    await searchCommand(
      connect(() => ({})),
      command,
      output,
    ),
  ).toBe(1);
  expect(text).toContain(words);
});
