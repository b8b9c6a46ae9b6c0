// The requests that docs/operations.md charges for, counted on the built functions.

import { startFunctions, type TestFunctions } from '#support/functions.ts';
import { startRecorder } from '#support/iam/recorder.ts';
import { flowEvent, request } from '#support/local-stack.ts';
import { freshTables } from '#support/tables.ts';
import { ASSUMED, READS } from '#tools/build/costs/model.ts';
import { isObject, objectAt } from '#tools/json.ts';
import { newUserId, userArn } from '#tools/local/emulators/index.ts';

let functions: TestFunctions;
let requests: { caller: string; operation: string; consistent: boolean; items: number }[] = [];
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  functions = await startFunctions(await freshTables(), {
    parameters: { ExtensionRange: '1000-1009', AgentEventStreamArn: '' },
    async through(direct) {
      const recorder = await startRecorder(direct, new Map(), (caller, { target, body }) => {
        const written: unknown = body.length === 0 ? {} : JSON.parse(body.toString('utf8'));
        const [batch] = Object.values(objectAt(written, 'RequestItems')).filter(isObject);
        requests.push({
          caller,
          operation: target.split('.').at(-1) ?? '',
          consistent: (batch ?? objectAt({ written }, 'written')).ConsistentRead === true,
          items: Array.isArray(batch?.Keys) ? batch.Keys.length : 1,
        });
      });
      stops.push(recorder.stop);
      return recorder.endpoints;
    },
  });
  stops.unshift(functions.stop);
  for (const [at, username] of ['ada', 'ben'].entries()) {
    const Id = newUserId();
    const IdentityInfo = { FirstName: ['Ada', 'Ben'][at] ?? '', LastName: 'Martin' };
    const user = { Id, Arn: userArn(Id), Username: username, IdentityInfo, PhoneConfig: {}, Tags: {} };
    functions.connect.state.users.put({ ...user, RoutingProfileId: 'r', SecurityProfileIds: [] });
  }
  const synced = await functions.invoke('AgentSyncFunction', {});
  expect(synced.answer?.status).toBe('DONE');
  const [agent] = functions.connect.state.users.all();
  const contact = { firstName: 'Jane', identifiers: ['+14155550100'], agentId: agent?.Id ?? '' };
  await request(`${functions.apiUrl}/contacts/jane`, 'PUT', contact);
  await functions.drainStreams();
});

afterAll(async () => {
  for (const stop of stops) await stop();
});

describe.each([
  ['caller-lookup', 'CallerLookupFunction', flowEvent('+14155550100')],
  ['extension-transfer', 'ExtensionTransferFunction', flowEvent('anonymous', { digits: '1000' })],
  ['name-directory', 'NameDirectoryFunction', flowEvent('anonymous', { digits: '627846' })],
] as const)('%s', (name, id, event) => {
  test('makes the requests that its costs are worked out from, and no others', async () => {
    await functions.invoke(id, event);
    requests = [];

    const { answer } = await functions.invoke(id, event);

    expect(answer?.status).toBe('FOUND');
    const made = requests.map(({ operation, consistent, items }) => ({ operation, consistent, items }));
    expect(made).toEqual(READS[name]);
    expect(new Set(requests.map(({ caller }) => caller))).toEqual(new Set([id]));
  });

  test('logs no more than is charged for', async () => {
    const before = functions.log().length;

    await functions.invoke(id, event);

    const lines = functions.log().slice(before);
    expect(Buffer.byteLength(lines)).toBeLessThanOrEqual(ASSUMED.ownLogBytes);
    expect(lines).toContain(`Answers.${name}.FOUND`);
  });
});

test('a sync and a run of number-expiry that find nothing to change write nothing', async () => {
  requests = [];

  expect((await functions.invoke('AgentSyncFunction', {})).answer?.status).toBe('DONE');
  await functions.invoke('NumberExpiryFunction', {});

  const callers = new Set(requests.map(({ caller }) => caller));
  expect(callers).toEqual(new Set(['AgentSyncFunction', 'NumberExpiryFunction']));
  expect(requests.filter(({ operation }) => /Write|^(Put|Update|Delete)Item$/.test(operation))).toEqual([]);
});
