import {
  BatchGetFlowAssociationCommand,
  type ConnectClient,
  DescribeContactFlowCommand,
  ListContactFlowsCommand,
  ListLambdaFunctionsCommand,
  UpdateContactFlowContentCommand,
} from '@aws-sdk/client-connect';
import { newFolder } from '#support/folder.ts';
import { ANY_PORTS, createClients, FEW_EXTENSIONS, runToEnd, startStack } from '#support/local-stack.ts';
import { MAIN_NUMBER } from '#tools/local/emulators/index.ts';
import { LOCAL } from '#tools/local/template/index.ts';

const InstanceId = LOCAL.connectInstanceId;
const ARGS = [...ANY_PORTS, ...FEW_EXTENSIONS, '--no-demo'];

async function inboundFlow(connect: ConnectClient) {
  const { ContactFlowSummaryList = [] } = await connect.send(new ListContactFlowsCommand({ InstanceId }));
  const summary = ContactFlowSummaryList.find(({ Name }) => Name === 'switchboard inbound');
  const { ContactFlow } = await connect.send(
    new DescribeContactFlowCommand({ InstanceId, ContactFlowId: summary?.Id }),
  );
  return {
    id: ContactFlow?.Id ?? '',
    content: ContactFlow?.Content ?? '',
    count: ContactFlowSummaryList.length,
  };
}

async function answeringFlow(connect: ConnectClient): Promise<string | undefined> {
  const { FlowAssociationSummaryList } = await connect.send(
    new BatchGetFlowAssociationCommand({
      InstanceId,
      ResourceIds: [MAIN_NUMBER.Arn],
      ResourceType: 'VOICE_PHONE_NUMBER',
    }),
  );
  return FlowAssociationSummaryList?.[0]?.FlowId?.split('/').at(-1);
}

const dataDir = newFolder();

test('a start leaves flows that a number rings; the next one keeps what was changed, unless told otherwise', async () => {
  const args = [...ARGS, '--data-dir', dataDir];
  const first = await startStack(args);
  const { connect } = createClients(first.urls);
  const shipped = await inboundFlow(connect);
  const { LambdaFunctions } = await connect.send(new ListLambdaFunctionsCommand({ InstanceId }));
  const answering = await answeringFlow(connect);
  const told = first.output();
  const changed = shipped.content.replace(
    '"FlowLoggingBehavior":"Disabled"',
    '"FlowLoggingBehavior":"Enabled"',
  );
  await connect.send(
    new UpdateContactFlowContentCommand({ InstanceId, ContactFlowId: shipped.id, Content: changed }),
  );
  await first.stop();
  const second = await startStack(args);
  const kept = await inboundFlow(createClients(second.urls).connect);
  const toldOfKept = second.output();
  await second.stop();
  const third = await startStack([...args, '--parameter', 'OverwriteFlows=true']);
  const overwritten = await inboundFlow(createClients(third.urls).connect);
  await third.stop();

  expect(shipped.count).toBe(4);
  expect(LambdaFunctions).toHaveLength(4);
  expect(answering).toBe(shipped.id);
  expect(changed).not.toBe(shipped.content);
  expect(kept).toEqual({ ...shipped, content: changed });
  expect(overwritten).toEqual(shipped);
  expect(told).toMatch(/\+18005550199 rings the flow "switchboard inbound" .*switchboard agent-queue/);
  expect(told).not.toContain('FlowsKept  ');
  expect(toldOfKept).toMatch(
    /FlowsKept {2}switchboard inbound: changed by hand.*\n.*--parameter OverwriteFlows=true/,
  );
});

test('what a deployment would fail with ends the start, with the reason', async () => {
  const { code, output } = await runToEnd([...ARGS, '--parameter', 'OperatorQueue=Nobody']);

  expect(code).toBe(1);
  expect(output).toContain(
    'ConnectCheck was not set up: OperatorQueue is not a queue of the instance. There are BasicQueue, VIP.',
  );
});
