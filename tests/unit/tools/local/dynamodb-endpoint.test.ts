import { checkDynamodbEndpoint, withEndpointHint } from '#tools/local/dynamodb-endpoint.ts';

test.each(['garbage', 'localhost:8000', 'ftp://127.0.0.1'])('%s is no endpoint, and says so', (endpoint) => {
  expect(() => checkDynamodbEndpoint(endpoint)).toThrow(
    `DYNAMODB_ENDPOINT=${endpoint} is not a URL. Set a URL such as http://127.0.0.1:8000, or unset the variable`,
  );
});

test('no endpoint, and a URL, are fine', () => {
  expect(() => checkDynamodbEndpoint(undefined)).not.toThrow();
  expect(() => checkDynamodbEndpoint('http://127.0.0.1:8000')).not.toThrow();
});

test('an endpoint that does not answer is named, with what to do', async () => {
  const use = () => Promise.reject(new Error('connect ECONNREFUSED 127.0.0.1:9'));

  await expect(withEndpointHint('http://127.0.0.1:9', use)).rejects.toThrow(
    /DYNAMODB_ENDPOINT=http:\/\/127\.0\.0\.1:9 does not respond: connect ECONNREFUSED.*Start DynamoDB Local there.*or unset/,
  );
});

test('what goes wrong with the embedded engine stays what it is', async () => {
  const fault = new Error('full');

  await expect(withEndpointHint(undefined, () => Promise.reject(fault))).rejects.toBe(fault);
});
