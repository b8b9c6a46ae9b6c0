import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isObject } from '#tools/json.ts';
import { LOCAL } from '#tools/local/template/index.ts';
import type { RouteMatch } from './routes.ts';

/** The proxy event (payload version 1.0) that API Gateway makes of a request. */
export function createProxyEvent(
  request: IncomingMessage,
  url: URL,
  { route, parameters }: RouteMatch,
  body: Buffer,
  stage: string,
  now = new Date(),
) {
  const headers = multiValueHeaders(request);
  const query = multiValueQuery(url.searchParams);
  const requestId = randomUUID();
  return {
    resource: route.resource,
    path: url.pathname,
    httpMethod: request.method ?? 'GET',
    headers: lastOf(headers),
    multiValueHeaders: headers,
    queryStringParameters: emptyIsNull(lastOf(query)),
    multiValueQueryStringParameters: emptyIsNull(query),
    pathParameters: emptyIsNull(parameters),
    stageVariables: null,
    requestContext: {
      accountId: LOCAL.account,
      apiId: 'local',
      domainName: request.headers.host ?? '127.0.0.1',
      domainPrefix: 'local',
      extendedRequestId: requestId,
      httpMethod: request.method ?? 'GET',
      identity: {
        sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
        userAgent: request.headers['user-agent'] ?? null,
        ...(route.apiKeyRequired ? { apiKey: String(request.headers['x-api-key']), apiKeyId: 'local' } : {}),
      },
      path: `/${stage}${url.pathname}`,
      protocol: 'HTTP/1.1',
      requestId,
      requestTime: now.toUTCString(),
      requestTimeEpoch: now.getTime(),
      resourceId: 'local',
      resourcePath: route.resource,
      stage,
    },
    body: body.length === 0 ? null : body.toString('utf8'),
    isBase64Encoded: false,
  };
}

function multiValueHeaders({ rawHeaders }: IncomingMessage): Record<string, string[]> {
  const headers: Record<string, string[]> = {};
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2);
    add(headers, name, value);
  }
  return headers;
}

function multiValueQuery(search: URLSearchParams): Record<string, string[]> {
  const query: Record<string, string[]> = {};
  for (const [name, value] of search) add(query, name, value);
  return query;
}

function add(values: Record<string, string[]>, name: string, value: string): void {
  const known = values[name];
  if (known) known.push(value);
  else values[name] = [value];
}

function lastOf(values: Record<string, string[]>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, all]) => [name, all.at(-1) ?? '']));
}

function emptyIsNull<T extends object>(value: T): T | null {
  return Object.keys(value).length === 0 ? null : value;
}

export interface ProxyResponse {
  status: number;
  headers: Record<string, string | string[]>;
  body: string;
}

/** Parses the response of a function as a proxy integration does; undefined if it is malformed. */
export function parseProxyResponse(payload: string): ProxyResponse | undefined {
  const answer: unknown = JSON.parse(payload);
  if (!isObject(answer)) return undefined;
  const { statusCode, body = '', headers = {}, multiValueHeaders = {} } = answer;
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 200 || status > 599) return undefined;
  if (typeof body !== 'string' && body !== null) return undefined;
  const all: Record<string, string | string[]> = { 'content-type': 'application/json' };
  for (const [name, value] of Object.entries(isObject(headers) ? headers : {})) {
    all[name.toLowerCase()] = String(value);
  }
  for (const [name, values] of Object.entries(isObject(multiValueHeaders) ? multiValueHeaders : {})) {
    if (Array.isArray(values)) all[name.toLowerCase()] = values.map(String);
  }
  return { status, headers: all, body: body ?? '' };
}
