import {
  AssociatePhoneNumberContactFlowCommand,
  ClaimPhoneNumberCommand,
  CreateContactFlowCommand,
  DescribePhoneNumberCommand,
  ListFlowAssociationsCommand,
  ListPhoneNumbersV2Command,
  ReleasePhoneNumberCommand,
  SearchAvailablePhoneNumbersCommand,
} from '@aws-sdk/client-connect';
import { useConnectEmulator } from '#support/connect-emulator.ts';
import { CONNECT_INSTANCE_ARN, LOCAL } from '#tools/local/template/index.ts';

const InstanceId = LOCAL.connectInstanceId;
const TargetArn = CONNECT_INSTANCE_ARN;
const TOKEN = '11111111-2222-4333-8444-555555555555';
const FREE = '+16135550150';
const TAKEN = '+16135550174';

const emulator = useConnectEmulator();

function claim(PhoneNumber: string, ClientToken?: string) {
  return emulator.send(
    new ClaimPhoneNumberCommand({ TargetArn, PhoneNumber, ...(ClientToken ? { ClientToken } : {}) }),
  );
}

async function statusOf(PhoneNumberId = ''): Promise<string | undefined> {
  const { ClaimedPhoneNumberSummary } = await emulator.send(
    new DescribePhoneNumberCommand({ PhoneNumberId }),
  );
  return ClaimedPhoneNumberSummary?.PhoneNumberStatus?.Status;
}

async function search(PhoneNumberPrefix: string, PhoneNumberCountryCode: 'CA' | 'US' = 'CA') {
  const numbers: string[] = [];
  let NextToken: string | undefined;
  let pages = 0;
  do {
    const answer = await emulator.send(
      new SearchAvailablePhoneNumbersCommand({
        TargetArn,
        PhoneNumberCountryCode,
        PhoneNumberType: 'DID',
        PhoneNumberPrefix,
        NextToken,
      }),
    );
    numbers.push(...(answer.AvailableNumbersList ?? []).map(({ PhoneNumber = '' }) => PhoneNumber));
    NextToken = answer.NextToken;
    pages += 1;
  } while (NextToken);
  return { numbers, pages };
}

test('free numbers of an area code are found ten at a time, and most area codes have none', async () => {
  const { numbers, pages } = await search('+1613');

  expect(pages).toBe(3);
  expect(new Set(numbers).size).toBe(25);
  expect(numbers.every((number) => number.startsWith('+1613555'))).toBe(true);
  expect((await search('+1867')).numbers).toEqual([]);
  expect((await search('+1613', 'US')).numbers).toEqual([]);
});

test('a claim is in progress, and then the instance has the number', async () => {
  const { PhoneNumberId } = await claim(FREE, TOKEN);

  expect(await statusOf(PhoneNumberId)).toBe('IN_PROGRESS');
  expect(await statusOf(PhoneNumberId)).toBe('IN_PROGRESS');
  expect(await statusOf(PhoneNumberId)).toBe('CLAIMED');
  expect((await search('+1613')).numbers).not.toContain(FREE);
  const { ListPhoneNumbersSummaryList = [] } = await emulator.send(
    new ListPhoneNumbersV2Command({ TargetArn, PhoneNumberPrefix: '+1613' }),
  );
  expect(ListPhoneNumbersSummaryList).toMatchObject([{ PhoneNumberId, PhoneNumber: FREE }]);
});

test('the same token again is the same claim, and for another number it is refused', async () => {
  const first = await claim(FREE, TOKEN);

  await expect(claim(FREE, TOKEN)).resolves.toMatchObject({ PhoneNumberId: first.PhoneNumberId });
  await expect(claim('+16135550151', TOKEN)).rejects.toMatchObject({ name: 'IdempotencyException' });
  await expect(claim(FREE)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('a claim can fail, and then the instance does not have the number', async () => {
  const { PhoneNumberId } = await claim(TAKEN);
  await statusOf(PhoneNumberId);
  await statusOf(PhoneNumberId);

  expect(await statusOf(PhoneNumberId)).toBe('FAILED');
  const { ListPhoneNumbersSummaryList } = await emulator.send(
    new ListPhoneNumbersV2Command({ TargetArn, PhoneNumberPrefix: '+1613' }),
  );
  expect(ListPhoneNumbersSummaryList).toEqual([]);
});

test('the quota of numbers limits claims', async () => {
  const [number] = emulator.state.numbers.all();
  for (let more = 0; number && more < 38; more += 1) {
    emulator.state.numbers.put({ ...number, Id: `more-${more}`, PhoneNumber: `+1416555${9000 + more}` });
  }

  await expect(claim(FREE)).rejects.toMatchObject({ name: 'ServiceQuotaExceededException' });
});

test('a released number cannot be claimed again, and counts against the limit', async () => {
  const { PhoneNumberId } = await claim(FREE);
  await emulator.send(new ReleasePhoneNumberCommand({ PhoneNumberId }));

  await expect(claim(FREE)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  for (let more = 0; more < 39; more += 1) {
    emulator.state.claims.put({ Token: `t${more}`, PhoneNumber: `+1${more}`, PhoneNumberId: `gone-${more}` });
  }
  await expect(claim('+16135550151')).rejects.toMatchObject({ name: 'LimitExceededException' });
});

test('the numbers that flows answer are listed page by page', async () => {
  const { ContactFlowId = '' } = await emulator.send(
    new CreateContactFlowCommand({
      InstanceId,
      Name: 'flow',
      Type: 'CONTACT_FLOW',
      Content: JSON.stringify({
        Version: '2019-10-30',
        StartAction: 'a',
        Actions: [{ Identifier: 'a', Type: 'DisconnectParticipant', Parameters: {}, Transitions: {} }],
      }),
    }),
  );
  for (const { Id } of emulator.state.numbers.all()) {
    await emulator.send(
      new AssociatePhoneNumberContactFlowCommand({ PhoneNumberId: Id, InstanceId, ContactFlowId }),
    );
  }
  const list = (NextToken?: string) =>
    emulator.send(
      new ListFlowAssociationsCommand({
        InstanceId,
        ResourceType: 'VOICE_PHONE_NUMBER',
        MaxResults: 1,
        ...(NextToken ? { NextToken } : {}),
      }),
    );

  const first = await list();
  const second = await list(first.NextToken);

  const all = [first, second].flatMap(({ FlowAssociationSummaryList = [] }) => FlowAssociationSummaryList);
  expect(all).toHaveLength(2);
  expect(all[0]?.FlowId?.endsWith(ContactFlowId)).toBe(true);
  expect(second.NextToken).toBeUndefined();
});

test('a number cannot be associated with a flow before its claim succeeds', async () => {
  const { PhoneNumberId } = await claim(FREE);
  const command = new AssociatePhoneNumberContactFlowCommand({
    PhoneNumberId,
    InstanceId,
    ContactFlowId: 'any',
  });

  await expect(emulator.send(command)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});
