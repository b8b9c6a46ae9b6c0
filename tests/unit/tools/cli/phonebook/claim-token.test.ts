import type { ConnectSender } from '#core/connect/client.ts';
import { type FakeClock, fakeClock, INSTANCE_ARN } from '#support/directory.ts';
import { claimCommand } from '#tools/cli/phonebook/claim.ts';
import { connectTo } from '#tools/cli/phonebook/connect.ts';

const HOUR = 3_600_000;
const command = { name: 'claim', phoneNumber: '+16135550150', yes: true, stack: 'switchboard' } as const;
const quiet = { line: () => {}, error: () => {} };

let clock: FakeClock;
/** Of each claim that Connect was asked for. */
let tokens: string[];
let statuses: string[];

beforeEach(() => {
  clock = fakeClock();
  tokens = [];
  statuses = [];
});

/** A Connect that does not list the number yet, as in the first hours after a claim. */
const client = {
  async send({ constructor: { name }, input }: { constructor: { name: string }; input: object }) {
    switch (name) {
      case 'ListContactFlowsCommand':
        return { ContactFlowSummaryList: [{ Name: 'switchboard extension-transfer', Id: 'flow' }] };
      case 'ClaimPhoneNumberCommand':
        tokens.push((input as { ClientToken: string }).ClientToken);
        return { PhoneNumberId: `claim-${[...new Set(tokens)].indexOf(tokens.at(-1) ?? '')}` };
      case 'DescribePhoneNumberCommand':
        return {
          ClaimedPhoneNumberSummary: { PhoneNumberStatus: { Status: statuses.shift() ?? 'CLAIMED' } },
        };
      default:
        return {};
    }
  },
} as unknown as ConnectSender;

async function claim(change: { phoneNumber?: string; instanceArn?: string } = {}): Promise<string[]> {
  const { phoneNumber = command.phoneNumber, instanceArn = INSTANCE_ARN } = change;
  const before = tokens.length;
  const calls = connectTo(instanceArn, { client, clock });
  expect(await claimCommand(calls, { ...command, phoneNumber }, quiet, async () => true)).toBe(0);
  return tokens.slice(before);
}

test('the same command is one claim all day, so that a killed one is not paid for twice', async () => {
  const [token = ''] = await claim();
  clock.advance(10 * HOUR);

  expect(await claim()).toEqual([token]);

  expect(token).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('the next day, another number and another instance are other claims', async () => {
  const all = [
    ...(await claim()),
    ...(await claim({ phoneNumber: '+16135550151' })),
    ...(await claim({ instanceArn: `${INSTANCE_ARN}f` })),
  ];
  clock.advance(24 * HOUR);
  all.push(...(await claim()));

  expect(new Set(all).size).toBe(4);
});

test('a claim that failed earlier in the day is another one, the same for whoever repeats it', async () => {
  const [first = ''] = await claim();
  statuses = ['FAILED'];
  const [again, renewed] = await claim();
  statuses = ['FAILED'];

  expect(await claim()).toEqual([first, renewed]);

  expect(again).toBe(first);
  expect(renewed).not.toBe(first);
});
