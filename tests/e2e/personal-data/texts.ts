import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { eventually, flowEvent, type RunningStack, request } from '#support/local-stack.ts';
import { MARK, NUMBER, SECOND_NUMBER } from './marks.ts';

type Api = (method: string, path: string, body?: unknown) => Promise<{ status: number; json: Answer }>;
// biome-ignore lint/suspicious/noExplicitAny: an answer is whatever the API gives; the test says what it expects
type Answer = any;

type Call = (name: string, event: unknown) => Promise<{ payload: Answer }>;

/** A number of ours, which may be told. */
const OURS = '+18005550199';

/** Texts to, from and about marked people, through everything that handles texts. */
export async function textMessages(
  stack: Pick<RunningStack, 'urls' | 'output'>,
  api: Api,
  call: Call,
): Promise<void> {
  await sendOne(stack, api);
  await sendMany(api);
  await flowTexts(api, call);
  await optOuts(stack, api);
  await phonebook(api);
}

const sms = (parts: object = {}) => ({
  idempotencyKey: `key-${MARK}-${JSON.stringify(parts).length}`,
  fromPhoneNumber: OURS,
  toPhoneNumber: NUMBER,
  content: `Dear ${MARK}, this is for you.`,
  ...parts,
});

async function sendOne({ urls }: Pick<RunningStack, 'urls' | 'output'>, api: Api): Promise<void> {
  const send = (parts?: object) => api('POST', '/sms/send/one', { sms: sms(parts) });
  const ended = async (parts: object) => {
    const { json } = await send(parts);
    const look = () => api('GET', `/sms/messages/${json.messageId}`);
    return (await eventually(look, (seen) => !/ACCEPTED|SENDING/.test(seen.json.state))).json;
  };
  expect(await ended({})).toMatchObject({ state: 'SENT' });
  expect((await send()).json).toMatchObject({ duplicate: true });
  expect((await send({ idempotencyKey: sms().idempotencyKey, content: MARK })).status).toBe(422);
  for (const wrong of [
    { toPhoneNumber: MARK },
    { toPhoneNumber: `${NUMBER}9999999999` },
    { toPhoneNumber: SECOND_NUMBER.replace('0188', '0189'), content: MARK },
    { fromPhoneNumber: NUMBER },
    { fromPhoneNumber: MARK },
    { content: '' },
    { content: MARK.repeat(500) },
    { content: `${MARK}\ud800` },
    { content: [MARK] },
    { idempotencyKey: MARK.repeat(80) },
    { extra: MARK },
  ]) {
    expect((await send(wrong)).status).toBeGreaterThanOrEqual(400);
  }
  expect((await api('POST', '/sms/send/one', `{"sms": "${MARK}`)).status).toBe(400);
  expect((await api('GET', `/sms/messages/${MARK}`)).status).toBe(404);
  expect((await api('POST', `/sms/messages/${MARK}/resolve`, { as: MARK })).status).toBe(404);

  const fail = (fault: string) =>
    request(`${urls.connect}/_faults`, 'POST', { operation: 'SendTextMessage', fault });
  await fail('answer-lost');
  expect(await ended({ idempotencyKey: `lost ${MARK}` })).toMatchObject({ state: 'UNKNOWN' });
  await fail('502');
  expect(await ended({ idempotencyKey: `odd ${MARK}` })).toMatchObject({ state: 'UNKNOWN' });
  await fail('500');
  expect(await ended({ idempotencyKey: `later ${MARK}` })).toMatchObject({
    state: expect.stringMatching(/WAITING|SENT/),
  });
  expect((await api('GET', '/sms/messages?state=UNKNOWN')).json.messages).toHaveLength(2);
}

async function sendMany(api: Api): Promise<void> {
  const lines = [
    JSON.stringify(sms({ idempotencyKey: `many-${MARK}` })),
    `{"content": "${MARK}`,
    JSON.stringify(sms({ toPhoneNumber: MARK })),
    JSON.stringify({ content: { deep: MARK } }),
    MARK.repeat(4_000),
  ];
  const { status, json } = await api('POST', '/sms/send/many', lines.join('\n'));
  expect({ status, json }).toMatchObject({ status: 202, json: { accepted: 1, errors: { length: 4 } } });
  const look = () => api('GET', `/sms/batches/${json.trackingId}`);
  expect((await eventually(look, (seen) => seen.json.status === 'DONE')).json).toMatchObject({
    status: 'DONE',
  });
  expect((await api('GET', `/sms/batches/${MARK}`)).status).toBe(404);
}

async function flowTexts(api: Api, call: Call): Promise<void> {
  const texts = { en: 'Dear {{name}}, we call you back.' };
  expect((await api('PUT', '/sms/templates/call-back', { texts })).status).toBe(200);
  expect((await api('PUT', `/sms/templates/${MARK}`, { texts: { [MARK]: MARK } })).status).toBe(400);
  expect((await api('PUT', '/sms/templates/other', { texts: { en: `{{${MARK} ${MARK}}}` } })).status).toBe(
    400,
  );
  const ask = async (from: string | undefined, parameters: object) => {
    const event = flowEvent(from, { template: 'call-back', block: 'b', name: MARK, ...parameters });
    Object.assign(event.Details.ContactData, { ContactId: `contact-${MARK}` });
    return (await call('FlowSmsFunction', event)).payload.status;
  };
  expect(await ask(NUMBER, {})).toBe('ACCEPTED');
  expect(await ask(NUMBER, { name: `${MARK} again` })).toBe('DUPLICATE');
  expect(await ask(undefined, { block: 'c' })).toBe('ANONYMOUS');
  expect(await ask(MARK, { block: MARK })).toBe('ANONYMOUS');
  expect(await ask(NUMBER, { block: MARK.repeat(20) })).toBe('INVALID');
  expect(await ask(NUMBER, { block: 'd', template: MARK })).toBe('NO_TEMPLATE');
  expect(await ask(NUMBER, { block: 'd', from: SECOND_NUMBER })).toBe('FROM_NOT_ALLOWED');
  expect(await ask(NUMBER, { block: 'd', to: MARK })).toBe('INVALID');
}

async function optOuts({ urls }: Pick<RunningStack, 'urls' | 'output'>, api: Api): Promise<void> {
  const textBack = (text: string, from = NUMBER) =>
    request(`${urls.connect}/_sms/inbound`, 'POST', { from, to: OURS, text });
  const path = `/sms/opt-outs/${encodeURIComponent(NUMBER)}`;
  await textBack(`Hello, this is ${MARK}`);
  await textBack('STOP', MARK);
  await textBack('Stop!');
  expect(
    await eventually(
      () => api('GET', path),
      ({ json }) => json.optedOut,
    ),
  ).toMatchObject({ status: 200 });
  const { json } = await api('POST', '/sms/send/one', { sms: sms({ idempotencyKey: `after ${MARK}` }) });
  const look = () => api('GET', `/sms/messages/${json.messageId}`);
  expect((await eventually(look, (seen) => seen.json.state === 'SUPPRESSED')).json.reason).toBe('OPTED_OUT');
  expect((await api('DELETE', path)).json.optedOut).toBe(false);
  expect((await api('PUT', `/sms/opt-outs/${MARK}`)).status).toBe(400);
}

async function phonebook(api: Api): Promise<void> {
  expect((await api('GET', `/phonebook/find/${encodeURIComponent(NUMBER)}`)).json).toEqual({ exists: false });
  expect((await api('GET', `/phonebook/find/${MARK}`)).status).toBe(400);
  for (const [path, body] of [
    ['/phonebook/reserve', { areaCode: MARK }],
    ['/phonebook/reserve', { pool: MARK }],
    ['/phonebook/reserve', `{"${MARK}`],
    ['/phonebook/assign', { userId: MARK, refId: MARK, phoneNumber: NUMBER }],
    ['/phonebook/release', { userId: MARK, phoneNumber: NUMBER }],
  ] as const) {
    expect((await api('POST', path, body)).status).toBeGreaterThanOrEqual(400);
  }
  expect((await api('GET', `/phonebook/users/${MARK}`)).status).toBe(404);
  expect((await api('GET', `/phonebook/numbers?state=${MARK}`)).status).toBe(400);
}

/** Everything that the tables of texts hold, for the search for marks. */
export async function storedTexts(client: DynamoDBClient): Promise<string> {
  const tables = ['MessagesTable', 'IdempotencyTable'];
  const found = await Promise.all(tables.map((TableName) => client.send(new ScanCommand({ TableName }))));
  const items = found.flatMap(({ Items = [] }) => Items);
  expect(items.length).toBeGreaterThan(10);
  const bytes = (_key: string, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value;
  return items.map((item) => JSON.stringify(item, bytes)).join('\n');
}
