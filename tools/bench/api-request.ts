/** Creates the event with which API Gateway invokes a function of the REST API. */
export function createApiRequest(httpMethod: string, path: string, body: string | null = null): object {
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
