// The requests that docs/operations.md charges for a text message, counted on the built functions.
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { startFunctions, type TestFunctions } from '#support/functions.ts';
import { startRecorder } from '#support/iam/recorder.ts';
import { request } from '#support/local-stack.ts';
import { freshTables } from '#support/tables.ts';
import { TEXT_REQUESTS, type TextRequest } from '#tools/build/costs/texts.ts';

const OURS = '+16135550100';
const JANE = '+14155550100';

let functions: TestFunctions;
let requests: TextRequest[] = [];
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  const tables = await freshTables();
  functions = await startFunctions(tables, {
    parameters: {
      SmsOriginationIdentity: 'FROM_NUMBER',
      SmsMessagesPerSecond: '100',
      AgentEventStreamArn: '',
    },
    async through(direct) {
      const recorder = await startRecorder(direct, new Map(), (caller, { target, body }) => {
        const { ConsistentRead } = JSON.parse(body.toString('utf8') || '{}');
        const operation = target.split('.').at(-1) ?? '';
        const consistent = ConsistentRead === true ? { consistent: true } : {};
        requests.push({ caller, operation, ...consistent } as TextRequest);
      });
      stops.push(recorder.stop);
      return recorder.endpoints;
    },
  });
  stops.unshift(functions.stop);
  const Item = { pk: `NUMBER#${OURS}`, sk: 'NUMBER', pool: 'direct', state: 'ASSIGNED', agentId: 'agent-1' };
  await tables.client.send(new PutCommand({ TableName: tables.directory, Item }));
  await request(`${functions.apiUrl}/contacts/jane`, 'PUT', { identifiers: [JANE] });
  await functions.drainStreams();
  await send('warm');
});

afterAll(async () => {
  for (const stop of stops) await stop();
});

async function send(idempotencyKey: string): Promise<void> {
  const sms = {
    idempotencyKey,
    fromPhoneNumber: OURS,
    toPhoneNumber: JANE,
    content: 'Your order is on its way.',
  };
  expect((await request(`${functions.apiUrl}/sms/send/one`, 'POST', { sms })).status).toBe(200);
  await functions.drainStreams();
}

test('a text makes the requests that its costs are worked out from, and no others', async () => {
  requests = [];

  await send('measured');

  expect(functions.connect.texts()).toHaveLength(2);
  // The stream of contacts is delivered once more, too.
  const made = requests.filter(({ caller }) => !/Indexer/.test(caller));
  const sorted = (list: readonly TextRequest[]) => list.map((one) => JSON.stringify(one)).sort();
  expect(sorted(made)).toEqual(sorted(TEXT_REQUESTS));
});
