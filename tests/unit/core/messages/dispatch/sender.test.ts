import { execFile } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { createSender } from '#core/messages/dispatch/sender.ts';
import { type Listener, listen, readBody } from '#tools/local/http.ts';

/*
 * The real SDK against a service that responds in every possible way. The errors of the SDK are not documented, and
 * confusing one with another sends a text twice.
 */

const TEXT = {
  ulid: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  from: '+16135550100',
  to: '+14165550101',
  content: 'Hello',
};
const JSON_TYPE = { 'content-type': 'application/x-amz-json-1.0' };

let service: Listener | undefined;
let requests: { target: unknown; body: unknown }[];

async function serve(answer: (response: ServerResponse, request: IncomingMessage) => void): Promise<void> {
  requests = [];
  service = await listen(0, async (request, response) => {
    const body = (await readBody(request, 10_000)).toString();
    requests.push({ target: request.headers['x-amz-target'], body: JSON.parse(body) });
    answer(response, request);
  });
  process.env.AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2 = service.url;
}

const replies = (status: number, body: string, headers: Record<string, string> = JSON_TYPE) =>
  serve((response) => response.writeHead(status, headers).end(body));
const fails = (status: number, type: string, fields: object = {}) =>
  replies(
    status,
    JSON.stringify({ __type: `com.amazonaws.pinpointsmsvoicev2#${type}`, Message: 'no', ...fields }),
  );

afterEach(async () => {
  await service?.stop();
  service = undefined;
  delete process.env.AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2;
});

test('sends from the number of the message, without data of the recipient in the context', async () => {
  await replies(200, '{"MessageId":"m-1"}');

  expect(await createSender('FROM_NUMBER')(TEXT)).toEqual({ kind: 'SENT', providerMessageId: 'm-1' });
  expect(requests).toEqual([
    {
      target: 'PinpointSMSVoiceV2.SendTextMessage',
      body: {
        DestinationPhoneNumber: '+14165550101',
        OriginationIdentity: '+16135550100',
        MessageBody: 'Hello',
        MessageType: 'TRANSACTIONAL',
        Context: { switchboardMessage: '01ARZ3NDEKTSV4RRFFQ69G5FAV' },
      },
    },
  ]);
});

test('sends from the configured pool', async () => {
  await replies(200, '{"MessageId":"m-1"}');
  const pool = 'arn:aws:sms-voice:eu-central-1:111122223333:pool/pool-1';

  await createSender(pool)(TEXT);

  expect(requests).toMatchObject([{ body: { OriginationIdentity: pool } }]);
});

const BROKEN_BODY = '<html><body>Bad gateway</body></html>';

test.each([
  ['a throttle', () => fails(400, 'ThrottlingException'), { kind: 'RETRY', reason: 'ThrottlingException' }],
  ['an internal error', () => fails(500, 'InternalServerException'), { kind: 'RETRY' }],
  ['a missing right', () => fails(400, 'AccessDeniedException'), { kind: 'RETRY' }],
  [
    'a spent budget',
    () => fails(400, 'ServiceQuotaExceededException', { Reason: 'MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT' }),
    { kind: 'RETRY', reason: 'ServiceQuotaExceededException.MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT' },
  ],
  [
    'an odd number',
    () => fails(400, 'ValidationException', { Reason: 'INVALID_PARAMETER' }),
    { kind: 'FAILED', reason: 'ValidationException.INVALID_PARAMETER' },
  ],
  ['an unknown origin', () => fails(400, 'ResourceNotFoundException'), { kind: 'FAILED' }],
  [
    'an opt-out',
    () => fails(400, 'ConflictException', { Reason: 'DESTINATION_PHONE_NUMBER_OPTED_OUT' }),
    { kind: 'OPTED_OUT' },
  ],
  [
    'a broken gateway',
    () => replies(502, BROKEN_BODY, { 'content-type': 'text/html' }),
    { kind: 'UNKNOWN', reason: 'UNREADABLE_RESPONSE' },
  ],
  ['a gateway out of time', () => replies(504, ''), { kind: 'UNKNOWN', reason: 'UNREADABLE_RESPONSE' }],
  [
    'a portal that answers everything',
    () => replies(200, BROKEN_BODY, { 'content-type': 'text/html' }),
    { kind: 'UNKNOWN', reason: 'UNREADABLE_RESPONSE' },
  ],
  ['a success without an id', () => replies(200, '{}'), { kind: 'UNKNOWN', reason: 'UNREADABLE_RESPONSE' }],
  ['a connection that is cut', () => serve((response) => response.destroy()), { kind: 'UNKNOWN' }],
  [
    'a connection that is cut in the answer',
    () =>
      serve((response) => {
        response.writeHead(200, { ...JSON_TYPE, 'content-length': '100' });
        response.write('{"Mess', () => response.destroy());
      }),
    { kind: 'UNKNOWN' },
  ],
] as const)(
  'after %s, the outcome is as certain as it can be, and there is one request',
  async (_, behave, outcome) => {
    await behave();

    expect(await createSender('FROM_NUMBER')(TEXT)).toMatchObject(outcome);
    expect(requests).toHaveLength(1);
  },
);

test.each([
  ['an answer that never comes', () => serve(() => {}), { kind: 'UNKNOWN', reason: 'NO_RESPONSE' }],
  [
    'an answer that never ends',
    () => serve((response) => void response.writeHead(200, JSON_TYPE).write('{"Mess')),
    { kind: 'UNKNOWN', reason: 'NO_RESPONSE' },
  ],
] as const)('after %s, the outcome is UNKNOWN within the time limit', async (_, behave, outcome) => {
  await behave();

  expect(await createSender('FROM_NUMBER', { requestMs: 300, totalMs: 600 })(TEXT)).toMatchObject(outcome);
  expect(requests.length).toBeLessThanOrEqual(1);
});

test('without a connection, a text was not sent; after a lost connection, it may have been', async () => {
  await serve((response) => response.destroy());
  const cut = service?.url ?? '';
  const gone = await listen(0, async () => {});
  await gone.stop();

  expect(await outcomesAt([gone.url, 'http://nowhere.invalid', cut])).toEqual([
    { kind: 'RETRY', reason: 'ECONNREFUSED' },
    { kind: 'RETRY', reason: 'ENOTFOUND' },
    { kind: 'UNKNOWN', reason: 'CONNECTION_LOST' },
  ]);
});

/** In a separate process: Jest has its own Error class, so the SDK does not recognize the errors of Node here. */
async function outcomesAt(endpoints: string[]): Promise<unknown> {
  const source = join(process.cwd(), 'layers/core/src/messages/dispatch/sender.ts');
  const script = `
    import dns from 'node:dns';
    // No DNS request leaves this machine.
    const lookup = dns.lookup;
    dns.lookup = (host, options, done) =>
      host === 'nowhere.invalid'
        ? done(Object.assign(new Error('not found'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' }))
        : lookup(host, options, done);
    import { createSender } from ${JSON.stringify(pathToFileURL(source).href)};
    const outcomes = [];
    for (const endpoint of ${JSON.stringify(endpoints)}) {
      process.env.AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2 = endpoint;
      outcomes.push(await createSender('FROM_NUMBER')(${JSON.stringify(TEXT)}));
    }
    process.stdout.write(JSON.stringify(outcomes));`;
  // Jest replaces process.env, so pass it explicitly.
  const args = ['--input-type=module', '-e', script];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: process.env });
  return JSON.parse(stdout);
}

test('each text has its own connection, because an idle one may be closed during the request', async () => {
  const ports = new Set<number | undefined>();
  await serve((response, request) => {
    ports.add(request.socket.remotePort);
    response.writeHead(200, JSON_TYPE).end('{"MessageId":"m-1"}');
  });
  const send = createSender('FROM_NUMBER');

  await send(TEXT);
  await send(TEXT);

  expect(ports.size).toBe(2);
});
