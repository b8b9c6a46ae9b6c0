import { CreateUserCommand } from '@aws-sdk/client-connect';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  ask,
  createClients,
  eventually,
  flowEvent,
  invoke,
  MANY_TEXTS,
  request,
  useStack,
} from '#support/local-stack.ts';
import { LOCAL } from '#tools/local/template/index.ts';
import { MARK, NUMBER, SECOND_NUMBER, traces } from './personal-data/marks.ts';
import { storedTexts, textMessages } from './personal-data/texts.ts';

const InstanceId = LOCAL.connectInstanceId;
const FUNCTIONS = [
  'CallerLookupFunction',
  'ExtensionTransferFunction',
  'NameDirectoryFunction',
  'AgentSyncFunction',
  'NumberExpiryFunction',
  'ContactIndexerFunction',
  'ContactsApiFunction',
  'PhonebookApiFunction',
  'MessagesApiFunction',
  'MessageDispatcherFunction',
  'SmsInboundFunction',
  'FlowSmsFunction',
];

const contact = {
  firstName: `First${MARK}`,
  lastName: `Last${MARK}`,
  language: 'en-US',
  identifiers: [NUMBER, `${MARK}@example.com`, `twitter:@${MARK}`, `ref:${MARK}-1`],
  agentId: `agent-${MARK}`,
  attributes: { tier: MARK },
  privateAttributes: { note: `note ${MARK}` },
};

/** Every answer that says that something went wrong. */
const errorAnswers: string[] = [];

const stack = useStack([...MANY_TEXTS, '--no-demo'], { environment: { POWERTOOLS_LOG_LEVEL: 'DEBUG' } });
let aws: ReturnType<typeof createClients>;
beforeAll(() => {
  aws = createClients(stack.urls, 10);
});

async function api(method: string, path: string, body?: unknown) {
  const answer = await request(`${stack.urls.api}${path}`, method, body);
  if (answer.status >= 400) errorAnswers.push(answer.text);
  return answer;
}

async function call(name: string, event: unknown) {
  const answer = await ask(aws.lambda, name, event);
  const text = JSON.stringify(answer.payload);
  if (answer.functionError || /"status":"(?!FOUND|AMBIGUOUS)/.test(text)) errorAnswers.push(text);
  return answer;
}

test('marked personal data goes everywhere, and no log, metric or error answer holds any of it', async () => {
  await contactsOverRest();
  await callsFromContacts();
  await agents();
  await textMessages(stack, api, call);
  await oddEvents();
  await poisonRecord();
  const queues = await request(`${stack.urls.lambda}/_queues`, 'GET');
  const stored = await storedTexts(aws.dynamodb);
  await stack.stop();

  const output = stack.output();
  expect(output).toContain('"message":"answered"');
  expect(output).toContain('CloudWatchMetrics');
  expect(errorAnswers.length).toBeGreaterThan(25);
  expect(traces(output)).toEqual([]);
  expect(traces(errorAnswers.join('\n'))).toEqual([]);
  expect(traces(queues.text)).toEqual([]);
  expect(traces(stored)).toEqual([]);
});

async function contactsOverRest(): Promise<void> {
  const path = `/contacts/${MARK}-id`;
  expect(await api('PUT', path, contact)).toMatchObject({ json: { version: 1 } });
  expect((await api('PUT', path, { ...contact, version: 5 })).status).toBe(409);
  expect((await api('GET', path)).json).toMatchObject({ firstName: contact.firstName });
  expect((await api('GET', `/contacts/${MARK}-nobody`)).status).toBe(404);
  expect((await api('GET', `/contacts/${MARK}%20bad`)).status).toBe(400);
  expect((await api('PUT', path, `{"firstName": "${MARK}`)).status).toBe(400);
  for (const wrong of [
    { identifiers: [`not an identifier ${MARK}`] },
    { firstName: [MARK] },
    { firstName: MARK.repeat(100) },
    { language: MARK.repeat(9) },
    { attributes: { tier: { deep: MARK } } },
    { privateAttributes: MARK },
    { agentId: `${MARK} with blanks` },
    { version: MARK },
  ]) {
    expect((await api('PUT', path, wrong)).status).toBe(400);
  }
  expect((await api('PUT', path, { privateAttributes: { note: MARK.repeat(20_000) } })).status).toBe(413);
  const look = async () => (await api('POST', '/contacts/lookup', { identifier: NUMBER })).json;
  expect(await eventually(look, ({ matches }) => matches === 1)).toMatchObject({ contacts: [contact] });
  expect((await api('POST', '/contacts/lookup', { identifier: `${MARK} nonsense` })).json).toMatchObject({});
  const identifiers = [SECOND_NUMBER, `${MARK}@example.com`, `bad ${MARK}`];
  expect((await api('POST', '/contacts/batch-lookup', { identifiers })).json).toMatchObject({});
  // Two contacts with one identifier make the answer ambiguous.
  await api('PUT', `/contacts/${MARK}-other`, { ...contact, identifiers: [NUMBER, SECOND_NUMBER] });
  await api('PUT', `/contacts/${MARK}-gone`, contact);
  expect((await api('DELETE', `/contacts/${MARK}-gone`)).status).toBeLessThan(300);
}

async function callsFromContacts(): Promise<void> {
  const ask = async (from: string | undefined, parameters = {}) =>
    (await call('CallerLookupFunction', flowEvent(from, parameters))).payload;
  const found = await eventually(
    () => ask(NUMBER),
    ({ status }) => status === 'AMBIGUOUS',
  );
  expect(found).toMatchObject({ status: 'AMBIGUOUS', matches: '2' });
  expect(await ask('anonymous', { identifier: `${MARK}@example.com` })).toMatchObject({});
  for (const from of [
    `${MARK}`,
    `+1312555018799999${MARK}`,
    `tel:${NUMBER};${MARK}`,
    `sip:${MARK}@example.com`,
  ]) {
    expect(await ask(from)).toMatchObject({ status: expect.any(String) });
  }
  for (const digits of [MARK, `10${MARK}`, NUMBER, `${NUMBER}#`, { deep: MARK }]) {
    const { payload } = await call('ExtensionTransferFunction', flowEvent(NUMBER, { digits }));
    expect(payload).toMatchObject({ status: expect.stringMatching(/INVALID|NOT_FOUND/) });
  }
  for (const digits of [MARK, '9796275', `9796275${MARK}`, { deep: MARK }]) {
    const { payload } = await call('NameDirectoryFunction', flowEvent(NUMBER, { digits }));
    expect(payload).toMatchObject({ status: expect.stringMatching(/INVALID|NOT_FOUND/) });
  }
}

async function agents(): Promise<void> {
  await aws.connect.send(
    new CreateUserCommand({
      InstanceId,
      Username: `${MARK}.agent`,
      IdentityInfo: { FirstName: `First${MARK}`, LastName: `Last${MARK}`, Email: `${MARK}@example.com` },
      PhoneConfig: { PhoneType: 'SOFT_PHONE' },
      RoutingProfileId: 'routing',
      SecurityProfileIds: ['security'],
      Tags: { 'switchboard:extension': `10${MARK}` },
    }),
  );
  const sync = () => invoke(aws.lambda, 'AgentSyncFunction', {});
  await eventually(sync, ({ payload }) => payload.status === 'DONE' && payload.counts.users === 1);
  const { payload } = await call('NameDirectoryFunction', flowEvent(NUMBER, { digits: '52789796275#' }));
  expect(payload).toMatchObject({ status: 'FOUND', name1: `First${MARK} Last${MARK}` });
}

/** Everything that is not an event, to every function. */
async function oddEvents(): Promise<void> {
  const details = { ContactData: { Attributes: { name: MARK }, CustomerEndpoint: { Address: [MARK] } } };
  const events = [
    MARK,
    [MARK],
    { [MARK]: MARK },
    { Details: details },
    { Details: MARK },
    {
      detail: {
        eventName: 'CreateUser',
        requestParameters: { username: MARK },
        responseElements: { userId: 'x' },
      },
    },
    { acceptShrink: MARK },
    { Records: [{ dynamodb: { Keys: { pk: { S: `CONTACT#${MARK}` } }, NewImage: { keys: { SS: 7 } } } }] },
    { Records: [{ Sns: { Message: `{"messageBody": "${MARK}`, Timestamp: MARK } }] },
    { Records: [{ dynamodb: { Keys: { pk: { S: `TO#${MARK}` }, sk: { S: `MESSAGE#${MARK}` } } } }] },
    { httpMethod: 'PUT', path: `/contacts/${MARK}`, headers: { name: MARK }, body: `{"${MARK}` },
  ];
  for (const name of FUNCTIONS) {
    for (const event of events) await call(name, event);
  }
}

/** A change that the indexer cannot follow, written past the API. */
async function poisonRecord(): Promise<void> {
  const tooLongForAKey = `${NUMBER}${MARK.repeat(400)}`;
  const Item = { pk: { S: `CONTACT#${MARK}-poison` }, sk: { S: 'PROFILE' }, keys: { SS: [tooLongForAKey] } };
  await aws.dynamodb.send(new PutItemCommand({ TableName: 'ContactsTable', Item }));
  const output = await eventually(
    async () => stack.output(),
    (text) => text.includes('record failed'),
  );
  expect(output).toContain('record failed');
}
