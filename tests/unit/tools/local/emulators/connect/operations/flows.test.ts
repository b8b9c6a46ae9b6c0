import {
  AssociateLambdaFunctionCommand,
  AssociatePhoneNumberContactFlowCommand,
  BatchGetFlowAssociationCommand,
  CreateContactFlowCommand,
  DeleteContactFlowCommand,
  DescribeContactFlowCommand,
  DescribeInstanceCommand,
  DescribePhoneNumberCommand,
  DisassociateLambdaFunctionCommand,
  DisassociatePhoneNumberContactFlowCommand,
  ListContactFlowsCommand,
  ListLambdaFunctionsCommand,
  ListPhoneNumbersV2Command,
  ListQueuesCommand,
  ListTagsForResourceCommand,
  SearchContactFlowsCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateContactFlowContentCommand,
  UpdateContactFlowMetadataCommand,
} from '@aws-sdk/client-connect';
import { useConnectEmulator } from '#support/connect-emulator.ts';
import { newFolder } from '#support/folder.ts';
import { createConnectState } from '#tools/local/emulators/connect/state.ts';
import { CONNECT_INSTANCE_ARN, LOCAL } from '#tools/local/template/index.ts';

const InstanceId = LOCAL.connectInstanceId;
const FUNCTION = 'arn:aws:lambda:eu-central-1:111122223333:function:caller-lookup';
const SIMPLE = flow({ Identifier: 'start', Type: 'DisconnectParticipant', Parameters: {}, Transitions: {} });

const emulator = useConnectEmulator();

function flow(...Actions: object[]): string {
  return JSON.stringify({ Version: '2019-10-30', StartAction: 'start', Actions });
}

async function createFlow(Name: string, Content = SIMPLE, Tags = {}): Promise<string> {
  const command = new CreateContactFlowCommand({ InstanceId, Name, Type: 'CONTACT_FLOW', Content, Tags });
  return (await emulator.send(command)).ContactFlowId ?? '';
}

test('the instance is active, and another one is not found', async () => {
  const { Instance } = await emulator.send(new DescribeInstanceCommand({ InstanceId }));
  expect(Instance).toMatchObject({ Arn: CONNECT_INSTANCE_ARN, InstanceStatus: 'ACTIVE' });

  const other = new DescribeInstanceCommand({ InstanceId: '00000000-0000-4000-8000-000000000000' });
  await expect(emulator.send(other)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('a function is associated once, listed, and removed', async () => {
  await emulator.send(new AssociateLambdaFunctionCommand({ InstanceId, FunctionArn: FUNCTION }));
  const again = new AssociateLambdaFunctionCommand({ InstanceId, FunctionArn: FUNCTION });
  await expect(emulator.send(again)).rejects.toMatchObject({ name: 'ResourceConflictException' });
  const listed = await emulator.send(new ListLambdaFunctionsCommand({ InstanceId }));
  expect(listed.LambdaFunctions).toEqual([FUNCTION]);

  await emulator.send(new DisassociateLambdaFunctionCommand({ InstanceId, FunctionArn: FUNCTION }));
  const gone = await emulator.send(new ListLambdaFunctionsCommand({ InstanceId }));
  expect(gone.LambdaFunctions).toEqual([]);
});

test('a flow keeps what it was created with, changes, and goes', async () => {
  const ContactFlowId = await createFlow('main', SIMPLE, { stack: 'one' });
  const { ContactFlow } = await emulator.send(new DescribeContactFlowCommand({ InstanceId, ContactFlowId }));
  expect(ContactFlow).toMatchObject({ Name: 'main', Content: SIMPLE, Tags: { stack: 'one' } });

  const changed = SIMPLE.replaceAll('start', 'begin');
  await emulator.send(new UpdateContactFlowContentCommand({ InstanceId, ContactFlowId, Content: changed }));
  await emulator.send(new UpdateContactFlowMetadataCommand({ InstanceId, ContactFlowId, Name: 'renamed' }));
  const after = await emulator.send(new DescribeContactFlowCommand({ InstanceId, ContactFlowId }));
  expect(after.ContactFlow).toMatchObject({ Name: 'renamed', Content: changed });

  await emulator.send(new DeleteContactFlowCommand({ InstanceId, ContactFlowId }));
  const gone = new DescribeContactFlowCommand({ InstanceId, ContactFlowId });
  await expect(emulator.send(gone)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('a duplicate name, and a flow that cannot be published, are rejected', async () => {
  await createFlow('main');
  await expect(createFlow('main')).rejects.toMatchObject({ name: 'DuplicateResourceException' });
  await expect(createFlow('broken', '{')).rejects.toMatchObject({
    name: 'InvalidContactFlowException',
    problems: [{ message: 'The content is not a JSON object.' }],
  });
});

test('only the alias shows saved content, until content is published', async () => {
  const ContactFlowId = await createFlow('main');
  const saved = SIMPLE.replaceAll('start', 'begin');
  const [flow] = emulator.state.flows.all();
  if (flow) emulator.state.flows.put({ ...flow, SavedContent: saved });
  const show = async (id: string) =>
    (await emulator.send(new DescribeContactFlowCommand({ InstanceId, ContactFlowId: id }))).ContactFlow;

  expect(await show(ContactFlowId)).toMatchObject({ Status: 'PUBLISHED', Content: SIMPLE });
  expect(await show(`${ContactFlowId}:$SAVED`)).toMatchObject({ Status: 'SAVED', Content: saved });
  await emulator.send(new UpdateContactFlowContentCommand({ InstanceId, ContactFlowId, Content: SIMPLE }));
  expect(await show(`${ContactFlowId}:$SAVED`)).toMatchObject({ Status: 'PUBLISHED', Content: SIMPLE });
});

test('only the alias shows a flow that was never published', async () => {
  const { ContactFlowId = '' } = await emulator.send(
    new CreateContactFlowCommand({
      InstanceId,
      Name: 'main',
      Type: 'CONTACT_FLOW',
      Content: SIMPLE,
      Status: 'SAVED',
    }),
  );
  const show = (id: string) =>
    emulator.send(new DescribeContactFlowCommand({ InstanceId, ContactFlowId: id }));

  await expect(show(ContactFlowId)).rejects.toMatchObject({ name: 'ContactFlowNotPublishedException' });
  expect((await show(`${ContactFlowId}:$SAVED`)).ContactFlow).toMatchObject({ Status: 'SAVED' });
});

test('flows are listed page by page, and searched by tag', async () => {
  for (const name of ['one', 'two', 'three']) await createFlow(name, SIMPLE, { name });
  const first = await emulator.send(new ListContactFlowsCommand({ InstanceId, MaxResults: 2 }));
  const { NextToken } = first;
  const second = await emulator.send(new ListContactFlowsCommand({ InstanceId, MaxResults: 2, NextToken }));
  const found = await emulator.send(
    new SearchContactFlowsCommand({
      InstanceId,
      SearchFilter: { TagFilter: { TagCondition: { TagKey: 'name', TagValue: 'two' } } },
    }),
  );

  const pages = [first, second].map((page) => page.ContactFlowSummaryList?.map(({ Name }) => Name));
  expect(pages).toEqual([['one', 'two'], ['three']]);
  expect(found.ContactFlows).toMatchObject([{ Name: 'two', Tags: { name: 'two' } }]);
});

test('a flow and a number carry tags', async () => {
  const flowId = await createFlow('main');
  const [number] = emulator.state.numbers.all();
  for (const resourceArn of [`${CONNECT_INSTANCE_ARN}/contact-flow/${flowId}`, number?.Arn ?? '']) {
    await emulator.send(new TagResourceCommand({ resourceArn, tags: { a: '1', b: '2' } }));
    await emulator.send(new UntagResourceCommand({ resourceArn, tagKeys: ['a'] }));
    const { tags } = await emulator.send(new ListTagsForResourceCommand({ resourceArn }));
    expect(tags).toEqual({ b: '2' });
  }
});

test('a flow that answers a number cannot be deleted', async () => {
  const ContactFlowId = await createFlow('main');
  const listed = await emulator.send(new ListPhoneNumbersV2Command({ TargetArn: CONNECT_INSTANCE_ARN }));
  const PhoneNumberId = listed.ListPhoneNumbersSummaryList?.[0]?.PhoneNumberId ?? '';
  const { ClaimedPhoneNumberSummary } = await emulator.send(
    new DescribePhoneNumberCommand({ PhoneNumberId }),
  );
  expect(ClaimedPhoneNumberSummary).toMatchObject({ TargetArn: CONNECT_INSTANCE_ARN });

  await emulator.send(
    new AssociatePhoneNumberContactFlowCommand({ InstanceId, PhoneNumberId, ContactFlowId }),
  );
  const ask = new BatchGetFlowAssociationCommand({
    InstanceId,
    ResourceIds: [ClaimedPhoneNumberSummary?.PhoneNumberArn ?? ''],
    ResourceType: 'VOICE_PHONE_NUMBER',
  });
  const { FlowAssociationSummaryList } = await emulator.send(ask);
  expect(FlowAssociationSummaryList).toMatchObject([{ FlowId: expect.stringContaining(ContactFlowId) }]);
  const remove = new DeleteContactFlowCommand({ InstanceId, ContactFlowId });
  await expect(emulator.send(remove)).rejects.toMatchObject({ name: 'InvalidRequestException' });

  await emulator.send(new DisassociatePhoneNumberContactFlowCommand({ InstanceId, PhoneNumberId }));
  await emulator.send(new DeleteContactFlowCommand({ InstanceId, ContactFlowId }));
  expect(emulator.state.flows.all()).toEqual([]);
});

test('the instance has a default queue and one for VIPs', async () => {
  const { QueueSummaryList } = await emulator.send(
    new ListQueuesCommand({ InstanceId, QueueTypes: ['STANDARD'] }),
  );
  expect(QueueSummaryList?.map(({ Name }) => Name)).toEqual(['BasicQueue', 'VIP']);
});

test.each([
  ['access-denied', 'AccessDeniedException', 403],
  ['500', 'InternalServiceException', 500],
])('the fault %s makes one request fail with %s', async (fault, name, httpStatusCode) => {
  const describe = () => emulator.send(new DescribeInstanceCommand({ InstanceId }));
  expect((await postFault({ operation: 'DescribeInstance', fault })).status).toBe(200);

  await expect(describe()).rejects.toMatchObject({ name, $metadata: { httpStatusCode } });
  await expect(describe()).resolves.toMatchObject({ Instance: { Id: InstanceId } });
});

test('an unknown fault is rejected with the valid ones', async () => {
  const response = await postFault({ operation: 'SearchUsers', fault: 'x' });

  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ Message: expect.stringContaining('empty-page') });
});

const postFault = (fault: object) =>
  fetch(`${emulator.url}/_faults`, { method: 'POST', body: JSON.stringify(fault) });

test('the data directory keeps flows, functions, and numbers', () => {
  const dataDir = newFolder();
  const state = createConnectState(dataDir);
  const [number] = state.numbers.all();
  state.lambdas.put(FUNCTION);
  if (number) state.numbers.put({ ...number, ContactFlowId: 'flow' });

  const again = createConnectState(dataDir);
  expect(again.lambdas.all()).toEqual([FUNCTION]);
  expect(again.numbers.get(number?.Id ?? '')).toMatchObject({ ContactFlowId: 'flow' });
});
