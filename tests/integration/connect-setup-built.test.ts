import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { requestSetup, SETUP_PROPERTIES } from '#support/custom-resource.ts';
import { startFunctions, type TestFunctionOptions, type TestFunctions } from '#support/functions.ts';
import { freshTables } from '#support/tables.ts';

// The built function in a worker, against the emulator for Connect, and an address as CloudFormation gives it. Each test
// leaves an instance in which nothing was set up.
let functions: TestFunctions;
beforeAll(async () => {
  functions = await startFunctions(await freshTables());
});
afterAll(() => functions.stop());

/** Uses functions with other options. */
async function withOthers(
  options: TestFunctionOptions,
  use: (others: TestFunctions) => Promise<void>,
): Promise<void> {
  const others = await startFunctions(await freshTables(), options);
  try {
    await use(others);
  } finally {
    await others.stop();
  }
}

test('sets up, updates without a write, and removes everything', async () => {
  const { connect, asynchronous, log } = functions;
  const created = await requestSetup(functions, 'Create');
  await asynchronous.idle();
  const tags = connect.state.flows.all().map(({ Tags }) => Tags);
  const updated = await requestSetup(functions, 'Update');
  const after = connect.state.flows.all().map(({ Tags }) => Tags);
  const removed = await requestSetup(functions, 'Delete');

  expect([created.Status, updated.Status, removed.Status]).toEqual(['SUCCESS', 'SUCCESS', 'SUCCESS']);
  expect(created.Data).toMatchObject({ InboundFlowName: 'switchboard inbound', FlowsKept: 'none' });
  expect(updated.Data).toMatchObject({ InboundFlowArn: created.Data.InboundFlowArn });
  expect(tags).toHaveLength(4);
  expect(after).toEqual(tags);
  expect(connect.state.flows.all()).toEqual([]);
  expect(connect.state.lambdas.all()).toEqual([]);
  // The first sync ran.
  expect(log()).toContain('"function":"agent-sync"');
});

test('refuses a wrong parameter with a reason, and the removal that follows succeeds', async () => {
  const properties = {
    ConnectInstanceArn: SETUP_PROPERTIES.ConnectInstanceArn.replace('eu-central-1', 'us-east-1'),
  };
  const { Status, Reason, PhysicalResourceId } = await requestSetup(functions, 'Create', properties);
  const removed = await requestSetup(functions, 'Delete', properties, { PhysicalResourceId });

  expect(Status).toBe('FAILED');
  expect(Reason).toMatch(/us-east-1.*Deploy it in us-east-1/);
  expect(removed.Status).toBe('SUCCESS');
  expect(functions.connect.state.flows.all()).toEqual([]);
});

test('responds before its time is over when Connect hangs', async () => {
  await withOthers({ timeouts: { ConnectSetupFunction: 3_000 } }, async (others) => {
    const body = JSON.stringify({ operation: 'ListQueues', fault: 'delay', delayMs: 20_000 });
    await fetch(`${others.connect.url}/_faults`, { method: 'POST', body });
    const { Status, Reason } = await requestSetup(others, 'Create');

    expect(Status).toBe('FAILED');
    expect(Reason).toMatch(/not enough time.*Try again/);
  });
});

test('responds when Connect cannot be reached', async () => {
  const environment = { AWS_ENDPOINT_URL_CONNECT: 'http://127.0.0.1:9' };
  await withOthers({ environment, timeouts: { ConnectSetupFunction: 4_000 } }, async (others) => {
    const created = await requestSetup(others, 'Create');
    const removed = await requestSetup(others, 'Delete');

    expect(created).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringMatching(/Connect|not enough time/),
    });
    expect(removed).toMatchObject({
      Status: 'SUCCESS',
      Reason: expect.stringMatching(/^Left in Amazon Connect/),
    });
  });
});

test('sends its response again until it is accepted', async () => {
  const statuses = [500, 503, 200];
  const bodies: string[] = [];
  const types: (string | undefined)[] = [];
  const server = createServer(async (request, response) => {
    types.push(request.headers['content-type']);
    bodies.push(String(await new Response(request as unknown as ReadableStream).text()));
    response.writeHead(statuses.shift() ?? 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const ResponseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/answer`;
  await functions.invoke('ConnectSetupFunction', {
    RequestType: 'Create',
    ResponseURL,
    RequestId: 'one',
    LogicalResourceId: 'ConnectSetup',
    StackId: 'stack',
    ResourceProperties: { ...SETUP_PROPERTIES, ExtensionRange: 'x' },
  });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));

  expect(new Set(bodies).size).toBe(1);
  expect(bodies).toHaveLength(3);
  // The signature of the real address covers an empty one.
  expect(types).toEqual([undefined, undefined, undefined]);
});

test('writes no phone number to its log or its responses', async () => {
  const { connect, log } = functions;
  const number = connect.state.numbers.get(SETUP_PROPERTIES.PhoneNumberId);
  const answers = [await requestSetup(functions, 'Create'), await requestSetup(functions, 'Delete')];

  expect(`${log()}${JSON.stringify(answers)}`).not.toContain(number?.PhoneNumber.slice(1));
});
