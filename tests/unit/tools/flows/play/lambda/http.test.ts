import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttpInvoker } from '#tools/flows/play/index.ts';

let server: Server;

async function served(handle: RequestListener): Promise<string> {
  server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const functionArn = 'arn:aws:lambda:eu-central-1:111122223333:function:F';
const request = { functionArn, event: { Name: 'ContactFlowEvent' }, timeLimitMs: 1_000 };

test('posts the event to the Invoke API and measures the time', async () => {
  const seen: string[] = [];
  const url = await served(async (incoming, response) => {
    seen.push(`${incoming.method} ${incoming.url}`);
    for await (const chunk of incoming) seen.push(String(chunk));
    response.end('{"status":"FOUND"}');
  });

  const result = await createHttpInvoker(url)(request);

  expect(seen).toEqual([
    `POST /2015-03-31/functions/${encodeURIComponent(functionArn)}/invocations`,
    '{"Name":"ContactFlowEvent"}',
  ]);
  expect(result).toMatchObject({ kind: 'answer', durationMs: expect.any(Number) });
});

test.each([
  [429, {}, { kind: 'throttled' }],
  [500, {}, { kind: 'service-error', status: 500 }],
  [
    404,
    { 'x-amzn-errortype': 'ResourceNotFoundException' },
    { kind: 'refused', status: 404, reason: 'ResourceNotFoundException' },
  ],
  [
    200,
    { 'x-amz-function-error': 'Unhandled' },
    { kind: 'function-error', errorType: 'TypeError', errorMessage: 'it broke' },
  ],
])('status %i with %p is told apart', async (status, headers, expected) => {
  const url = await served((_, response) => {
    response.writeHead(status, headers).end('{"errorType":"TypeError","errorMessage":"it broke"}');
  });

  expect(await createHttpInvoker(url)(request)).toMatchObject(expected);
});

test('does not wait longer than the limit', async () => {
  const url = await served(() => {});

  expect(await createHttpInvoker(url)({ ...request, timeLimitMs: 30 })).toEqual({
    kind: 'timed-out',
    durationMs: 30,
  });
});

test('a refused connection is an outage, not an end of the call', async () => {
  const url = await served(() => {});
  await new Promise((resolve) => server.close(resolve));

  await expect(createHttpInvoker(url)(request)).rejects.toThrow('fetch failed');
});
