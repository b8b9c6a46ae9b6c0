import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { BodyTooLargeError, type Listener, listen, readBody } from '#tools/local/http.ts';
import type { FunctionHost } from '#tools/local/lambda/function-host.ts';
import type { Template } from '#tools/local/template/index.ts';
import { createGatewayResponder } from './gateway-responses.ts';
import { createProxyEvent, parseProxyResponse } from './proxy-integration.ts';
import { apiRoutes, matchRoute, type RouteMatch } from './routes.ts';

/** The API key of the local stack. */
export const API_KEY = 'local';

const BODY_LIMIT = 10 * 1024 * 1024;
/** Lambda's limit for an event, which contains the body as a string. API Gateway rejects larger requests. */
const EVENT_LIMIT = 6 * 1024 * 1024;
/** API Gateway's own limit, whatever the function's timeout is. */
const INTEGRATION_TIMEOUT_MS = 29_000;

/** The template's REST API. */
export function serveRestApi(
  port: number,
  template: Template,
  host: FunctionHost,
  integrationTimeoutMs = INTEGRATION_TIMEOUT_MS,
): Promise<Listener> {
  const routes = apiRoutes(template);
  const refuse = createGatewayResponder(template);
  const stage = template.parameters.Stage ?? 'local';

  return listen(port, async (request, response) => {
    const requestId = randomUUID();
    const url = requestUrl(request);
    const match = url && matchRoute(routes, request.method ?? '', url.pathname);
    if (!url || !match) return refuse(response, 'MISSING_AUTHENTICATION_TOKEN', requestId);
    if (match.route.apiKeyRequired && request.headers['x-api-key'] !== API_KEY) {
      return refuse(response, 'INVALID_API_KEY', requestId);
    }
    try {
      await integrate(request, response, url, match, requestId);
    } catch (error) {
      if (!(error instanceof BodyTooLargeError)) throw error;
      refuse(response, 'REQUEST_TOO_LARGE', requestId);
    }
  });

  async function integrate(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    match: RouteMatch,
    requestId: string,
  ): Promise<void> {
    const event = createProxyEvent(request, url, match, await readBody(request, BODY_LIMIT), stage);
    const payload = JSON.stringify(event);
    if (Buffer.byteLength(payload) > EVENT_LIMIT) return refuse(response, 'REQUEST_TOO_LARGE', requestId);
    const invocation = host.invoke(match.route.functionName, payload);
    const result = await within(invocation, integrationTimeoutMs);
    if (!result) return refuse(response, 'INTEGRATION_TIMEOUT', requestId);
    const reply = result.outcome.kind === 'answer' ? parseProxyResponse(result.outcome.payload) : undefined;
    if (!reply) return refuse(response, 'INTEGRATION_FAILURE', requestId);
    response.writeHead(reply.status, { ...reply.headers, 'x-amzn-requestid': requestId });
    response.end(reply.body);
  }
}

function requestUrl(request: IncomingMessage): URL | undefined {
  return URL.canParse(request.url ?? '', 'http://127.0.0.1')
    ? new URL(request.url ?? '', 'http://127.0.0.1')
    : undefined;
}

async function within<T>(work: Promise<T>, milliseconds: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
