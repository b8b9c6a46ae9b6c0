import { SearchUsersCommand } from '@aws-sdk/client-connect';
import { createClients, eventually, invoke, MANY_TEXTS, request, useStack } from '#support/local-stack.ts';
import { LOCAL } from '#tools/local/template/index.ts';

const InstanceId = LOCAL.connectInstanceId;
const JANE = '+14155550100';
const EMIL = '+14155550104';

const stack = useStack(MANY_TEXTS);

const api = (method: string, path: string, body?: unknown) =>
  request(`${stack.urls.api}${path}`, method, body);

async function sentTo(number: string): Promise<string[]> {
  const { json } = await request(`${stack.urls.connect}/_sms`, 'GET');
  const messages: { to: string; content: string }[] = json.messages;
  return messages.filter(({ to }) => to === number).map(({ content }) => content);
}

/** Sends a text and waits for its end. */
async function send(from: string, to: string, content: string): Promise<{ state: string; reason?: string }> {
  const sms = { idempotencyKey: content, fromPhoneNumber: from, toPhoneNumber: to, content };
  const { status, json } = await api('POST', '/sms/send/one', { sms });
  expect({ status, json }).toMatchObject({
    status: 200,
    json: { sent: true, duplicate: false, segments: 1 },
  });
  const { json: message } = await eventually(
    () => api('GET', `/sms/messages/${json.messageId}`),
    ({ json: { state } }) => !['ACCEPTED', 'SENDING', 'WAITING'].includes(state),
  );
  return message;
}

async function textBack(from: string, to: string, text: string, optedOut: boolean): Promise<void> {
  expect((await request(`${stack.urls.connect}/_sms/inbound`, 'POST', { from, to, text })).status).toBe(202);
  const look = () => api('GET', `/sms/opt-outs/${encodeURIComponent(from)}`);
  expect(await eventually(look, ({ json }) => json.optedOut === optedOut)).toMatchObject({
    json: { optedOut },
  });
}

/** Reserves some direct numbers of an area and assigns the first to an agent. */
async function assignNumber(username: string): Promise<string> {
  const { Users = [] } = await createClients(stack.urls, 10).connect.send(
    new SearchUsersCommand({ InstanceId, MaxResults: 500 }),
  );
  const userId = Users.find(({ Username }) => Username === username)?.Id;
  const reserved = await api('POST', '/phonebook/reserve', { areaCode: 613, country: 'CA', count: 5 });
  expect(reserved).toMatchObject({ status: 200, json: { phoneNumbers: { length: 5 } } });
  const { refId, phoneNumbers } = reserved.json;
  const [phoneNumber] = phoneNumbers;
  expect(await api('POST', '/phonebook/assign', { userId, refId, phoneNumber })).toMatchObject({
    status: 200,
    json: { assigned: true },
  });
  return phoneNumber;
}

test('a number is found, reserved and assigned, and texts go out from it until the recipient says STOP', async () => {
  const number = await assignNumber('ada.martin');
  expect((await api('GET', `/phonebook/find/${encodeURIComponent(number)}`)).json).toEqual({ exists: true });

  expect(await send(number, JANE, 'first')).toMatchObject({ state: 'SENT' });
  expect(await sentTo(JANE)).toEqual(['first']);
  expect(stack.output()).toMatch(new RegExp(`Text +from \\${number} to \\+14…00, 5 characters`));

  await textBack(JANE, number, 'Stop, please!', true);
  expect(await send(number, JANE, 'second')).toMatchObject({ state: 'SUPPRESSED', reason: 'OPTED_OUT' });

  await textBack(JANE, number, 'Can you stop by tomorrow?', true);
  await textBack(JANE, number, 'START', false);
  expect(await send(number, JANE, 'third')).toMatchObject({ state: 'SENT' });
  expect(await sentTo(JANE)).toEqual(['first', 'third']);
});

test('of many messages the good ones go out, and a bad line is told by its number', async () => {
  const line = (toPhoneNumber: string, idempotencyKey: string) =>
    JSON.stringify({
      idempotencyKey,
      fromPhoneNumber: '+18005550199',
      toPhoneNumber,
      content: idempotencyKey,
    });
  const body = [line(EMIL, 'many-1'), '{"broken', line(EMIL, 'many-2'), line(EMIL, 'many-1')].join('\n');
  const { status, json } = await api('POST', '/sms/send/many', `${body}\n`);

  expect({ status, json }).toMatchObject({
    status: 202,
    json: { accepted: 3, errors: [{ line: 2, code: 'INVALID_JSON' }] },
  });
  const batch = await eventually(
    () => api('GET', `/sms/batches/${json.trackingId}`),
    (seen) => seen.json.status === 'DONE',
  );
  expect(batch.json).toMatchObject({ status: 'DONE', total: 4, sent: 3, failed: 0 });
  expect(await sentTo(EMIL)).toEqual(['many-1', 'many-2']);
});

test('a text whose answer is lost is sent once and waits for a person, who may send it again', async () => {
  const fault = { operation: 'SendTextMessage', fault: 'answer-lost' };
  await request(`${stack.urls.connect}/_faults`, 'POST', fault);
  expect(await send('+18005550199', '+14155550105', 'lost')).toMatchObject({ state: 'UNKNOWN' });
  expect(await sentTo('+14155550105')).toEqual(['lost']);

  const { json } = await api('GET', '/sms/messages?state=UNKNOWN');
  const [{ messageId, since }] = json.messages;
  const path = `/sms/messages/${messageId}`;
  expect((await api('POST', `${path}/resolve`, { as: 'RESEND', since })).status).toBe(200);
  // What its schedule does every minute.
  await invoke(createClients(stack.urls).lambda, 'MessageDispatcherFunction', { source: 'aws.events' });
  const again = await eventually(
    () => api('GET', path),
    (seen) => seen.json.state === 'SENT',
  );

  expect(again.json).toMatchObject({ state: 'SENT', resolution: { as: 'RESEND' } });
  expect(await sentTo('+14155550105')).toEqual(['lost', 'lost']);
});
