import { parseProxyResponse } from '#tools/local/rest/proxy-integration.ts';

const reply = (value: unknown) => parseProxyResponse(JSON.stringify(value));

test('a reply keeps its status, its body and its headers, those with several values too', () => {
  expect(
    reply({
      statusCode: 201,
      headers: { 'X-One': 1 },
      multiValueHeaders: { 'Set-Cookie': ['a', 'b'] },
      body: 'x',
    }),
  ).toEqual({
    status: 201,
    headers: { 'content-type': 'application/json', 'x-one': '1', 'set-cookie': ['a', 'b'] },
    body: 'x',
  });
});

test.each([
  ['text'],
  [null],
  [{}],
  [{ statusCode: 'x' }],
  [{ statusCode: 200, body: { a: 1 } }],
  [{ statusCode: 99 }],
])('%j is malformed, as API Gateway has it', (value) => {
  expect(reply(value)).toBeUndefined();
});
