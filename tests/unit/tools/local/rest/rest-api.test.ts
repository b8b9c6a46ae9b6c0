import type { FunctionHost } from '#tools/local/lambda/function-host.ts';
import { serveRestApi } from '#tools/local/rest/rest-api.ts';
import { readTemplate } from '#tools/local/template/index.ts';

type Answer = { kind: 'answer'; payload: string } | { kind: 'failed' };

/** Asks an API whose function answers as given; what the function got, and what came back. */
async function ask(path: string, init: RequestInit, answer: Promise<Answer>) {
  const events: Record<string, unknown>[] = [];
  const host = {
    async invoke(_: string, event: string) {
      events.push(JSON.parse(event));
      return { requestId: 'id', log: '', outcome: await answer };
    },
  } as unknown as FunctionHost;
  const api = await serveRestApi(0, readTemplate(process.cwd()), host, 200);
  try {
    const response = await fetch(`${api.url}${path}`, { ...init, headers: { 'x-api-key': 'local' } });
    return { events, status: response.status, body: await response.json(), headers: response.headers };
  } finally {
    await api.stop();
  }
}

const fine = Promise.resolve<Answer>({ kind: 'answer', payload: '{"statusCode":200,"body":"{}"}' });

test('a function gets the proxy event of the request', async () => {
  const { events } = await ask('/contacts/a%2Fb?x=1&x=2', { method: 'PUT', body: '{"a":1}' }, fine);

  expect(events[0]).toMatchObject({
    resource: '/contacts/{contactId}',
    path: '/contacts/a%2Fb',
    httpMethod: 'PUT',
    pathParameters: { contactId: 'a/b' },
    queryStringParameters: { x: '2' },
    multiValueQueryStringParameters: { x: ['1', '2'] },
    body: '{"a":1}',
    isBase64Encoded: false,
    requestContext: { stage: 'prod', resourcePath: '/contacts/{contactId}', httpMethod: 'PUT' },
  });
});

test('a request without a body gives a null body and null parameters', async () => {
  const { events } = await ask('/health', {}, fine);

  expect(events[0]).toMatchObject({ body: null, pathParameters: null, queryStringParameters: null });
});

test.each<[string, Promise<Answer>, number, string]>([
  ['takes longer than API Gateway waits', new Promise(() => {}), 504, 'INTEGRATION_TIMEOUT'],
  ['throws', Promise.resolve({ kind: 'failed' }), 502, 'INTEGRATION_FAILURE'],
  [
    'answers something malformed',
    Promise.resolve({ kind: 'answer', payload: '7' }),
    502,
    'INTEGRATION_FAILURE',
  ],
])('a function that %s is answered for as the template says', async (_, answer, status, code) => {
  const reply = await ask('/health', {}, answer);

  expect(reply).toMatchObject({ status, body: { error: { code, message: expect.any(String) } } });
});

test('what makes an event of more than 6 MB, escaped as it stands in it, is refused', async () => {
  const quotes = '"'.repeat(3.2 * 1024 * 1024);
  const tooLong = await ask('/contacts/a', { method: 'PUT', body: quotes }, fine);
  const fits = await ask('/contacts/a', { method: 'PUT', body: quotes.replaceAll('"', 'x') }, fine);

  expect(tooLong).toMatchObject({ events: [], status: 413, body: { error: { code: 'TOO_LARGE' } } });
  expect(fits.status).toBe(200);
});
