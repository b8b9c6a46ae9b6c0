/** What API Gateway hands to a function of the REST API. */
export function requestOf(httpMethod: string, path: string, body: string | null = null): object {
  return {
    httpMethod,
    path,
    resource: path,
    body,
    headers: { host: 'bench', 'content-type': 'application/json' },
    multiValueHeaders: { host: ['bench'], 'content-type': ['application/json'] },
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    stageVariables: null,
    requestContext: { httpMethod, path, stage: 'bench', resourcePath: path, domainName: 'bench' },
    isBase64Encoded: false,
  };
}
