import { gzipSync } from 'node:zlib';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import type { AcceptRequest, FindDuplicates } from '#core/messages/acceptance/create-acceptance.ts';
import { createSendMany } from '#core/messages/batches/send-many.ts';
import { InvalidInputError, UnavailableError, UnprocessableError } from '#core/platform/errors.ts';
import { metrics } from '#core/platform/observability.ts';
import { awsError } from '#support/contacts.ts';

const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-central-1' }));
const dynamodb = mockClient(DynamoDBDocumentClient);

beforeEach(() => {
  dynamodb.reset();
  dynamodb.on(PutCommand).resolves({});
});

const message = (idempotencyKey: string) => ({
  idempotencyKey,
  fromPhoneNumber: '+16135550100',
  toPhoneNumber: '+16135550199',
  content: 'Your table is free.',
});
const line = (idempotencyKey: string) => `${JSON.stringify(message(idempotencyKey))}\n`;
/** Each line has another recipient. */
const lines = (count: number) =>
  Array.from({ length: count }, (_, i) => line(`key-${i}`).replace('5550199', String(5_550_000 + i))).join(
    '',
  );

const idOf = (key: string) => `id of ${key}`;

/** Accepts as the real one does, as far as callers can observe. */
function acceptor() {
  const requests = new Map<string, AcceptRequest>();
  const accept = jest.fn(async (request: AcceptRequest) => {
    const duplicate = requests.has(request.idempotencyKey);
    requests.set(request.idempotencyKey, request);
    await new Promise(setImmediate);
    return {
      messageId: idOf(request.idempotencyKey),
      duplicate,
      segments: 1,
      encoding: 'GSM-7' as const,
    };
  });
  const findDuplicates = jest.fn<ReturnType<FindDuplicates>, Parameters<FindDuplicates>>(async (asked) =>
    asked.map(({ idempotencyKey }) =>
      requests.has(idempotencyKey)
        ? { messageId: idOf(idempotencyKey), duplicate: true, segments: 1, encoding: 'GSM-7' as const }
        : undefined,
    ),
  );
  return { accept, findDuplicates, requests };
}

function send(
  body: string | Uint8Array,
  {
    accept = acceptor().accept as (
      request: AcceptRequest,
    ) => ReturnType<ReturnType<typeof acceptor>['accept']>,
    findDuplicates = (async (asked) => asked.map(() => undefined)) as FindDuplicates,
    timeLeft = (): number => 29_000,
    quiet = undefined as { from: string; until: string } | undefined,
  } = {},
) {
  const sendMany = createSendMany({
    client,
    messages: 'messages',
    accept,
    findDuplicates,
    retentionDays: 30,
  });
  return sendMany({ body: [Buffer.from(body)], quiet, timeLeft });
}

const written = () => dynamodb.commandCalls(PutCommand).map(({ args }) => args[0].input.Item ?? {});
const chunksWritten = () => written().filter(({ sk }) => sk.startsWith('CHUNK#'));
const batchWritten = () => written().find(({ sk }) => sk === 'BATCH');

test('lines to one recipient are accepted in their order, because they are sent in that order', async () => {
  const under: string[] = [];
  let max = 0;
  const order: string[] = [];
  const accept = async ({ idempotencyKey }: AcceptRequest) => {
    under.push(idempotencyKey);
    max = Math.max(max, under.length);
    // The first takes longest: in parallel it would end last.
    for (let turn = 0; turn < 12 - 2 * Number(idempotencyKey); turn += 1) await new Promise(setImmediate);
    under.splice(under.indexOf(idempotencyKey), 1);
    order.push(idempotencyKey);
    return { messageId: idOf(idempotencyKey), duplicate: false, segments: 1, encoding: 'GSM-7' as const };
  };

  await send(line('1') + line('2') + line('3').replace('+1613', '+1 613 ') + line('4'), { accept });

  expect({ order, max }).toEqual({ order: ['1', '2', '3', '4'], max: 1 });
});

test('every line is accepted as a message of the batch, with its quiet hours', async () => {
  const { accept, requests } = acceptor();
  const quiet = { from: '21:00', until: '08:00' };

  const answer = await send(line('a') + line('b'), { accept, quiet });

  expect(answer).toEqual({
    trackingId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    accepted: 2,
    segments: 2,
    errors: [],
  });
  expect(requests.get('a')).toEqual({
    idempotencyKey: 'a',
    from: '+16135550100',
    to: '+16135550199',
    content: 'Your table is free.',
    origin: 'batch',
    quiet,
  });
});

test('the message IDs are written in chunks, and the batch is written last', async () => {
  const { trackingId } = await send(lines(450));

  const chunks = chunksWritten();
  expect(chunks.map(({ sk, messageIds }) => [sk, messageIds.length])).toEqual([
    ['CHUNK#0001', 200],
    ['CHUNK#0002', 200],
    ['CHUNK#0003', 50],
  ]);
  const ids = new Set(chunks.flatMap(({ messageIds }) => messageIds));
  expect(ids).toEqual(new Set(Array.from({ length: 450 }, (_, i) => idOf(`key-${i}`))));
  expect(written().at(-1)).toMatchObject({
    pk: `BATCH#${trackingId}`,
    total: 450,
    accepted: 450,
    duplicates: 0,
    errorCount: 0,
    errors: [],
    ttl: expect.any(Number),
  });
});

test('a message that was accepted before belongs to the batch, and counts as a duplicate', async () => {
  const { accept } = acceptor();
  await send(line('a'), { accept });
  dynamodb.resetHistory();

  expect(await send(line('a') + line('b') + line('b'), { accept })).toMatchObject({
    accepted: 3,
    errors: [],
  });

  expect(batchWritten()).toMatchObject({ accepted: 3, duplicates: 2 });
});

describe('a repeated file', () => {
  test('is looked up 100 lines at a time, and accepted one by one from the first new line on', async () => {
    const { accept, findDuplicates, requests } = acceptor();
    await send(lines(1_000), { accept, findDuplicates });
    expect(findDuplicates).not.toHaveBeenCalled();
    accept.mockClear();
    dynamodb.resetHistory();

    const answer = await send(lines(1_500), { accept, findDuplicates });

    expect(answer).toMatchObject({ accepted: 1_500, segments: 1_500, errors: [] });
    expect(batchWritten()).toMatchObject({ accepted: 1_500, duplicates: 1_000 });
    // Those that were under way when the first one was known, and the new ones.
    expect(accept.mock.calls.length).toBeLessThanOrEqual(500 + 64);
    expect(findDuplicates.mock.calls.length).toBeLessThanOrEqual(12);
    expect(requests.size).toBe(1_500);
  });

  test('is accepted one by one when the lookup fails', async () => {
    const { accept } = acceptor();
    await send(lines(300), { accept });

    const answer = await send(lines(300), {
      accept,
      findDuplicates: async () => Promise.reject(new UnavailableError('UNAVAILABLE', 'No answer.')),
    });

    expect(answer).toMatchObject({ accepted: 300, errors: [] });
    expect(batchWritten()).toMatchObject({ accepted: 300 });
  });

  test('gets further in the time of one request than the first one', async () => {
    const { accept, findDuplicates, requests } = acceptor();
    let done = 0;
    const timeLeft = () => (done < 200 ? 29_000 : 7_000);
    const slow = async (request: AcceptRequest) => {
      done += 1;
      return accept(request);
    };
    await send(lines(600), { accept: slow, findDuplicates, timeLeft });
    const before = requests.size;
    done = 0;

    const { accepted } = await send(lines(600), { accept: slow, findDuplicates, timeLeft });

    expect(accepted).toBeGreaterThan(before + 100);
  });
});

test('invalid lines are reported with their numbers, and valid lines are accepted', async () => {
  const body = [
    `\uFEFF${line('first').trimEnd()}\r`,
    '{"idempotencyKey": "broken"',
    '',
    line('fifth').trimEnd(),
    '[]',
    JSON.stringify({ ...message('unknown'), body: 'x' }),
    JSON.stringify({ ...message('missing'), content: undefined }),
    JSON.stringify({ ...message('number'), toPhoneNumber: 16135550199 }),
    `{"__proto__": {}, ${line('proto').trim().slice(1)}`,
    'x'.repeat(1_000_000),
    line('last').trimEnd(),
  ].join('\n');

  const { accepted, errors } = await send(`${body}\n`);

  expect(accepted).toBe(3);
  expect(errors).toEqual([
    { line: 2, code: 'INVALID_JSON', message: expect.stringMatching(/^The line is not JSON\./) },
    { line: 5, code: 'INVALID_BODY', message: expect.any(String) },
    { line: 6, code: 'UNKNOWN_FIELD', message: expect.stringContaining('idempotencyKey') },
    { line: 7, code: 'INVALID_BODY', message: 'content is missing.', field: 'content' },
    { line: 8, code: 'INVALID_BODY', message: expect.any(String), field: 'toPhoneNumber' },
    { line: 9, code: 'UNKNOWN_FIELD', message: expect.any(String) },
    { line: 10, code: 'LINE_TOO_LONG', message: expect.any(String) },
  ]);
  expect(batchWritten()).toMatchObject({ total: 10, accepted: 3, errorCount: 7 });
});

test.each(['+14155550123 Jane Doe', '\\ud83d', `${'x'.repeat(63)}😀`, '😀'.repeat(200)])(
  'whatever a field is called that is not ours, %j is neither kept nor in the way',
  async (name) => {
    const { accepted, errors } = await send(`{"${name}": 1}\n${line('good')}`);

    expect(accepted).toBe(1);
    expect(errors).toEqual([{ line: 1, code: 'UNKNOWN_FIELD', message: expect.any(String) }]);
    expect(JSON.stringify(batchWritten())).not.toMatch(/Jane|ud83d|xxx|😀/);
  },
);

test('in a truncated body, only the last line is invalid', async () => {
  expect(await send(line('a') + line('b').slice(0, 40))).toMatchObject({
    accepted: 1,
    errors: [{ line: 2, code: 'INVALID_JSON', message: expect.stringContaining('truncated') }],
  });
  expect(await send(line('a') + line('b').trimEnd())).toMatchObject({ accepted: 2, errors: [] });
});

test('bytes that are not UTF-8 are an error of their line', async () => {
  const body = Buffer.concat([Buffer.from([0x22, 0xff, 0x22, 0x0a]), Buffer.from(line('a'))]);

  expect(await send(body)).toMatchObject({ accepted: 1, errors: [{ line: 1, code: 'INVALID_UTF8' }] });
});

test.each([
  ['in UTF-16', Buffer.from(line('a'), 'utf16le')],
  ['packed, as API Gateway hands it over', Buffer.from(gzipSync(line('a')).toString())],
])('a body %s has an error that says so', async (_, body) => {
  const { errors } = await send(body);

  expect(errors[0]).toMatchObject({
    line: 1,
    code: 'INVALID_UTF8',
    message: expect.stringContaining('uncompressed'),
  });
});

test('no more than 10,000 lines are read, and the rest is reported', async () => {
  const { accept } = acceptor();

  const { accepted, errors } = await send(`\n${lines(10_002)}`, { accept });

  expect(accepted).toBe(10_000);
  expect(accept).toHaveBeenCalledTimes(10_000);
  expect(errors).toEqual([{ line: 10_002, code: 'TOO_MANY_LINES', message: expect.any(String) }]);
  expect(chunksWritten()).toHaveLength(50);
});

test('a rejected message is an error of its line', async () => {
  const refused = new Map<string, Error>([
    ['b', new InvalidInputError('INVALID_CONTENT', 'The content is empty.', { field: 'content' })],
    ['c', new UnprocessableError('IDEMPOTENCY_KEY_REUSED', 'The key was used.')],
  ]);
  const { accept } = acceptor();

  const answer = await send(line('a') + line('b') + line('c') + line('d'), {
    accept: async (request) => {
      const error = refused.get(request.idempotencyKey);
      if (error) throw error;
      return accept(request);
    },
  });

  expect(answer).toMatchObject({
    accepted: 2,
    errors: [
      { line: 2, code: 'INVALID_CONTENT', message: 'The content is empty.', field: 'content' },
      { line: 3, code: 'IDEMPOTENCY_KEY_REUSED', message: 'The key was used.' },
    ],
  });
});

test('after an outage, the error of the line says to send it again, and the other lines are accepted', async () => {
  const { accept } = acceptor();
  let calls = 0;

  const { accepted, errors } = await send(lines(100), {
    accept: async (request) => {
      calls += 1;
      if (calls % 10 === 0) throw new UnavailableError('UNAVAILABLE', 'MessagesTable did not answer.');
      return accept(request);
    },
  });

  expect(accepted).toBe(90);
  expect(errors).toHaveLength(10);
  expect(errors[0]).toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining('again') });
});

test('a message that times out does not delay the response', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] });
  try {
    const { accept } = acceptor();
    const answer = send(line('hangs') + line('a'), {
      accept: async (request) =>
        request.idempotencyKey === 'hangs' ? new Promise(() => {}) : accept(request),
    });
    await jest.advanceTimersByTimeAsync(5_000);

    expect(await answer).toMatchObject({ accepted: 1, errors: [{ line: 1, code: 'UNAVAILABLE' }] });
  } finally {
    jest.useRealTimers();
  }
});

test('lines that are not reached in time are reported, even the first one', async () => {
  const { accept, requests } = acceptor();

  const { accepted, errors } = await send(lines(1_000), {
    accept,
    timeLeft: () => (requests.size < 300 ? 29_000 : 7_000),
  });

  expect(accepted).toBe(requests.size);
  expect(errors).toEqual([{ line: accepted + 1, code: 'NOT_REACHED', message: expect.any(String) }]);
});

test('lines that wait too long behind others must be sent again', async () => {
  const { accept } = acceptor();
  let done = 0;

  const { accepted, errors } = await send(line('1') + line('2') + line('3'), {
    accept: async (request) => {
      const answer = await accept(request);
      done += 1;
      return answer;
    },
    timeLeft: () => (done === 0 ? 29_000 : 7_000),
  });

  expect({ accepted, errors }).toEqual({
    accepted: 1,
    errors: [
      { line: 2, code: 'UNAVAILABLE', message: expect.any(String) },
      { line: 3, code: 'UNAVAILABLE', message: expect.any(String) },
    ],
  });
});

test('accepted messages are counted, even if the batch cannot be written', async () => {
  dynamodb.on(PutCommand).rejects(awsError('ProvisionedThroughputExceededException'));
  const add = jest.spyOn(metrics, 'addMetric');
  try {
    await expect(send(line('a') + line('b'))).rejects.toThrow(UnavailableError);
    expect(add).toHaveBeenCalledWith('MessagesAccepted', 'Count', 2);
  } finally {
    add.mockRestore();
    metrics.clearMetrics();
  }
});

test('a bug is not an error of a line', async () => {
  const fault = new TypeError('x is undefined');
  await expect(send(lines(3), { accept: async () => Promise.reject(fault) })).rejects.toBe(fault);
});

test('a response with an error for every line stays below the limit of Lambda', async () => {
  const bad = `${JSON.stringify({ ...message('x'), ['f'.repeat(64)]: 1 })}\n`.repeat(10_001);

  const answer = await send(bad);

  expect(answer.errors).toHaveLength(10_001);
  expect(Buffer.byteLength(JSON.stringify(JSON.stringify(answer)))).toBeLessThan(5 * 1024 * 1024);
  expect(Buffer.byteLength(JSON.stringify(batchWritten()))).toBeLessThan(100_000);
});
