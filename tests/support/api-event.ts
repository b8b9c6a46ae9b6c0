import type { APIGatewayProxyEvent, Context } from 'aws-lambda';

/** A request as API Gateway hands it over. */
export function apiEvent(
  method: string,
  path: string,
  {
    resource = path,
    body = null,
    query = {},
  }: { resource?: string; body?: string | null; query?: Record<string, string> } = {},
): APIGatewayProxyEvent {
  return {
    httpMethod: method,
    path,
    resource,
    headers: { 'content-type': 'application/json' },
    multiValueHeaders: {},
    queryStringParameters: query,
    multiValueQueryStringParameters: Object.fromEntries(
      Object.entries(query).map(([name, value]) => [name, [value]]),
    ),
    pathParameters: null,
    stageVariables: null,
    requestContext: { domainName: 'api.example', stage: 'prod' },
    body,
    isBase64Encoded: false,
  } as unknown as APIGatewayProxyEvent;
}

/** As much of a Lambda context as an API's function reads. */
export const API_CONTEXT = { getRemainingTimeInMillis: () => 29_000 } as Context;
