/** What API Gateway makes of a request, as much of it as a REST function reads. */
export function apiEvent(
  method: string,
  path: string,
  sent: {
    body?: unknown;
    query?: Record<string, string> | URLSearchParams;
    headers?: Record<string, string>;
  } = {},
) {
  const { body, query = {}, headers = {} } = sent;
  const search = new URLSearchParams(query);
  return {
    httpMethod: method,
    path,
    resource: path,
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    queryStringParameters: Object.fromEntries(search),
    multiValueQueryStringParameters: Object.fromEntries(
      [...search.keys()].map((name) => [name, search.getAll(name)]),
    ),
    pathParameters: null,
    stageVariables: null,
    requestContext: { httpMethod: method, path, stage: 'prod', resourcePath: path, domainName: 'api.local' },
    body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
    isBase64Encoded: false,
  };
}
