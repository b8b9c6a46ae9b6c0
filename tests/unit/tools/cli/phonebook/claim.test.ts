import type { ConnectSender } from '#core/connect/connect.ts';
import { runCommand } from '#support/cli.ts';
import { type FakeClock, fakeClock, INSTANCE_ARN, namedError } from '#support/directory.ts';
import { createCliConnect } from '#tools/cli/phonebook/connect.ts';

const HOUR_MS = 3_600_000;
const NUMBER = '+16135550150';

let clock: FakeClock;
/** Of each claim that was requested. */
let tokens: string[];
/** Of the next claims. */
let statuses: (string | Error)[];

beforeEach(() => {
  clock = fakeClock();
  tokens = [];
  statuses = [];
});

/** A Connect with the flow. It does not list the number yet, as in the first hours after a claim. */
async function send({ constructor: { name }, input }: { constructor: { name: string }; input: object }) {
  switch (name) {
    case 'ListContactFlowsCommand':
      return { ContactFlowSummaryList: [{ Name: 'switchboard extension-transfer', Id: 'flow' }] };
    case 'ClaimPhoneNumberCommand':
      tokens.push((input as { ClientToken: string }).ClientToken);
      return { PhoneNumberId: `claim-${[...new Set(tokens)].indexOf(tokens.at(-1) ?? '')}` };
    case 'DescribePhoneNumberCommand': {
      const Status = statuses.shift() ?? 'CLAIMED';
      if (Status instanceof Error) throw Status;
      return { ClaimedPhoneNumberSummary: { PhoneNumberStatus: { Status, Message: 'Why not.' } } };
    }
    default:
      return {};
  }
}

const client = { send } as unknown as ConnectSender;

function claim(phoneNumber = NUMBER, instanceArn = INSTANCE_ARN) {
  return runCommand(['phonebook', 'claim', phoneNumber, '--yes', '--instance', instanceArn], {
    createConnect: (arn) => createCliConnect(arn, { client, clock }),
  });
}

/** The tokens of one claim that succeeds. */
async function claimTokens(phoneNumber?: string, instanceArn?: string): Promise<string[]> {
  const before = tokens.length;
  expect(await claim(phoneNumber, instanceArn)).toMatchObject({ code: 0, errors: '' });
  return tokens.slice(before);
}

test('the same command is one claim all day, so that an interrupted one is not paid for twice', async () => {
  const [token = ''] = await claimTokens();
  clock.advance(10 * HOUR_MS);

  expect(await claimTokens()).toEqual([token]);

  expect(token).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('the next day, another number, and another instance are other claims', async () => {
  const all = [
    ...(await claimTokens()),
    ...(await claimTokens('+16135550151')),
    ...(await claimTokens(NUMBER, `${INSTANCE_ARN.slice(0, -1)}f`)),
  ];
  clock.advance(24 * HOUR_MS);
  all.push(...(await claimTokens()));

  expect(new Set(all).size).toBe(4);
});

test('a claim that failed earlier in the day is requested once more, under the same token each time', async () => {
  const [first = ''] = await claimTokens();
  statuses = ['FAILED'];
  const [again, renewed] = await claimTokens();
  statuses = ['FAILED'];

  expect(await claimTokens()).toEqual([first, renewed]);

  expect(again).toBe(first);
  expect(renewed).not.toBe(first);
});

test('a claim that Connect does not show yet is in progress', async () => {
  const unknown = namedError('ResourceNotFoundException', { $metadata: { httpStatusCode: 404 } });
  statuses = [unknown, unknown, unknown];

  expect(await claim()).toMatchObject({ code: 0, lines: expect.stringContaining(`${NUMBER} is claimed.`) });
  expect(tokens).toHaveLength(1);
});

test('a claim that fails at once is requested once more, and no more than that', async () => {
  statuses = Array.from({ length: 9 }, () => 'FAILED');

  expect(await claim()).toMatchObject({
    code: 1,
    errors: expect.stringMatching(/^error: The claim of \+16135550150 failed: Why not\. .*twice a day\.\n$/),
  });
  expect(tokens).toHaveLength(2);
});
