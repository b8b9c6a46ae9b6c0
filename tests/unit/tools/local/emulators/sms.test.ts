import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '#support/eventually.ts';
import { newFolder } from '#support/folder.ts';
import type { JsonObject } from '#tools/json.ts';
import {
  type AwsEmulator,
  formatTextLine,
  type SentText,
  startAwsEmulator,
} from '#tools/local/emulators/index.ts';

const TEXT = {
  DestinationPhoneNumber: '+14155550100',
  OriginationIdentity: '+16135550100',
  MessageBody: 'Your agent calls at five.',
};

let emulator: AwsEmulator;
const sent: SentText[] = [];
const inbound: JsonObject[] = [];

beforeAll(async () => {
  emulator = await startAwsEmulator({
    port: 0,
    onEvent: () => {},
    onText: (text) => sent.push(text),
    onInboundText: (message) => inbound.push(message),
  });
});
afterAll(() => emulator.stop());

const SEND = 'PinpointSMSVoiceV2.SendTextMessage';

function send(body: object, target = SEND, signal?: AbortSignal, url = emulator.url) {
  return fetch(url, {
    method: 'POST',
    headers: { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.0' },
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });
}

async function answerTo(body: object, target?: string) {
  const answer = await send(body, target);
  return { status: answer.status, ...((await answer.json()) as object) };
}

const post = (path: string, body: object) =>
  fetch(`${emulator.url}${path}`, { method: 'POST', body: JSON.stringify(body) });
const fault = (kind: string) => post('/_faults', { operation: 'SendTextMessage', fault: kind });

test('a text is stored in full, and the terminal shows neither content nor recipient', async () => {
  const { MessageId } = (await (await send(TEXT)).json()) as { MessageId: string };

  const shown = await (await fetch(`${emulator.url}/_sms`)).json();
  const kept = { messageId: MessageId, from: '+16135550100', to: '+14155550100', content: TEXT.MessageBody };
  expect(shown).toMatchObject({ messages: [kept] });
  expect(sent).toMatchObject([kept]);
  const line = formatTextLine(sent[0] as SentText);
  expect(line).toMatch(/from \+16135550100 to \+14…00, 25 characters/);
  expect(line).not.toMatch(/agent|4155550100/);
});

test('the same request twice is two texts, because the service has no client token', async () => {
  const before = emulator.texts().length;
  await send(TEXT);
  await send(TEXT);

  expect(emulator.texts()).toHaveLength(before + 2);
});

const elsewhere = 'arn:aws:sms-voice:eu-central-1:999999999999:pool/pool-1';

test.each([
  ['a destination that is no number', { DestinationPhoneNumber: 'jane' }, 'ValidationException'],
  ['an empty body', { MessageBody: '' }, 'ValidationException'],
  ['a body that is too long', { MessageBody: 'x'.repeat(1601) }, 'ValidationException'],
  ['a type that there is not', { MessageType: 'LETTER' }, 'ValidationException'],
  ['an origin that is no number', { OriginationIdentity: 'nobody' }, 'ResourceNotFoundException'],
  ['a pool of another account', { OriginationIdentity: elsewhere }, 'ResourceNotFoundException'],
])('%s is rejected as by the service', async (_name, change, type) => {
  expect(await answerTo({ ...TEXT, ...change })).toMatchObject({ status: 400, __type: type });
});

test('a pool can be the origin, and other operations are not supported', async () => {
  const pool = 'arn:aws:sms-voice:eu-central-1:111122223333:pool/pool-1';

  expect(await answerTo({ ...TEXT, OriginationIdentity: pool })).toMatchObject({ status: 200 });
  expect(await answerTo({}, 'PinpointSMSVoiceV2.CreatePool')).toMatchObject({
    __type: 'UnknownOperationException',
  });
});

test.each([
  ['429', { status: 400, __type: 'ThrottlingException' }],
  ['500', { status: 500, __type: 'InternalServerException' }],
  ['access-denied', { status: 400, __type: 'AccessDeniedException' }],
])('the fault %s sends nothing', async (kind, expected) => {
  const before = emulator.texts().length;
  await fault(kind);

  expect(await answerTo(TEXT)).toMatchObject(expected);
  expect(emulator.texts()).toHaveLength(before);
});

test('the fault 502 is not a response of AWS', async () => {
  await fault('502');
  const answer = await send(TEXT);

  expect(answer.status).toBe(502);
  expect(await answer.text()).toBe('Bad Gateway');
});

test('the fault hang never answers and sends nothing', async () => {
  const before = emulator.texts().length;
  await fault('hang');
  const giveUp = new AbortController();
  const answer = send(TEXT, undefined, giveUp.signal);
  const ended = expect(answer).rejects.toMatchObject({ name: 'AbortError' });
  await eventually(
    async () => (await fetch(`${emulator.url}/_faults`)).json(),
    (seen) => (seen as { faults: [] }).faults.length === 0,
  );
  giveUp.abort();
  await ended;
  expect(emulator.texts()).toHaveLength(before);
});

test('the fault answer-lost sends, and the connection ends without an answer', async () => {
  const before = emulator.texts().length;
  await fault('answer-lost');

  await expect(send(TEXT)).rejects.toThrow();
  expect(emulator.texts()).toHaveLength(before + 1);
});

test('a reply is published as by End User Messaging', async () => {
  const answer = await post('/_sms/inbound', { from: '+14155550100', to: '+16135550100', text: 'STOP' });

  expect(answer.status).toBe(202);
  expect(inbound).toMatchObject([
    { originationNumber: '+14155550100', destinationNumber: '+16135550100', messageBody: 'STOP' },
  ]);
  expect((await post('/_sms/inbound', { from: '+14155550100' })).status).toBe(400);
  expect((await fetch(`${emulator.url}/_sms/else`)).status).toBe(400);
});

test('a data directory keeps texts, except for an incomplete line', async () => {
  const dataDir = newFolder();
  const start = () => startAwsEmulator({ port: 0, dataDir, onEvent: () => {} });
  try {
    const first = await start();
    await send(TEXT, undefined, undefined, first.url);
    await first.stop();
    appendFileSync(join(dataDir, 'sms.ndjson'), '{"messageId": "cut');
    const second = await start();
    await send(TEXT, undefined, undefined, second.url);
    await second.stop();
    const third = await start();

    expect(third.texts()).toMatchObject([{ content: TEXT.MessageBody }, { content: TEXT.MessageBody }]);
    await third.stop();
  } finally {
    rmSync(dataDir, { recursive: true });
  }
});
