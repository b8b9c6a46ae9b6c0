import { HttpStatusCodes, ParameterValidationError, Router } from '@aws-lambda-powertools/event-handler/http';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import {
  ConflictError,
  describeError,
  GoneError,
  InvalidInputError,
  NotFoundError,
  SwitchboardError,
  TooLargeError,
  UnavailableError,
  UnprocessableError,
} from '#core/platform/errors.ts';
import { count, duration, logger, metrics } from '#core/platform/observability.ts';

/** The one place that says which error is which HTTP status. */
const STATUS_BY_ERROR = [
  [InvalidInputError, HttpStatusCodes.BAD_REQUEST],
  [NotFoundError, HttpStatusCodes.NOT_FOUND],
  [ConflictError, HttpStatusCodes.CONFLICT],
  [GoneError, HttpStatusCodes.GONE],
  [UnprocessableError, HttpStatusCodes.UNPROCESSABLE_ENTITY],
  [TooLargeError, HttpStatusCodes.REQUEST_ENTITY_TOO_LARGE],
  [UnavailableError, HttpStatusCodes.SERVICE_UNAVAILABLE],
] as const;

/**
 * Wraps the routes of a REST function: errors become `{error: {code, message, field}}`, metrics and one log
 * line (method, route, status) are written.
 *
 * @param name the function, for the log: `contacts-api`
 * @param register adds the routes
 */
export function apiHandler(name: string, register: (app: Router) => void) {
  const app = new Router({ logger: quiet });
  app.errorHandler(Error, async (error) => errorReply(name, error));
  app.errorHandler(URIError, async () =>
    reply(400, 'INVALID_PATH', 'The path has a "%" that is not followed by two hexadecimal digits.'),
  );
  app.errorHandler(ParameterValidationError, async () =>
    reply(400, 'INVALID_PATH', 'A part of the path is empty; see docs/openapi.yaml for what belongs there.'),
  );
  app.notFound(async () => reply(404, 'NOT_FOUND', 'There is no such path. See docs/openapi.yaml.'));
  app.methodNotAllowed(async () =>
    reply(405, 'METHOD_NOT_ALLOWED', 'This path has no such method. See docs/openapi.yaml.'),
  );
  register(app);

  return async function handleRequest(
    event: APIGatewayProxyEvent,
    context: Context,
  ): Promise<APIGatewayProxyResult> {
    const started = performance.now();
    // A GET may come with a body all the same, and the router's Request would throw on it.
    const body = event.httpMethod === 'GET' ? null : event.body;
    const result = withinLimit(await app.resolve({ ...event, body }, context));
    count('ApiRequests');
    duration('ApiDuration', performance.now() - started);
    metrics.publishStoredMetrics();
    logger.info('answered', {
      api: name,
      method: event.httpMethod,
      route: event.resource,
      status: result.statusCode,
    });
    return result;
  };
}

/**
 * Reads a request's body as JSON.
 *
 * @throws {InvalidInputError} `INVALID_JSON`, without quoting the body
 */
export async function readJson(request: Request): Promise<unknown> {
  try {
    return JSON.parse(await request.text());
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new InvalidInputError('INVALID_JSON', 'The body is not JSON.');
  }
}

/** What Lambda hands over; beyond it the caller would get a 502 without a word. */
const ANSWER_LIMIT = 6 * 1024 * 1024;

function withinLimit(result: APIGatewayProxyResult): APIGatewayProxyResult {
  // Written as JSON once more, no character takes more than six bytes: `\u0000`.
  if (result.body.length * 6 < ANSWER_LIMIT) return result;
  const bytes = Buffer.byteLength(JSON.stringify(result));
  if (bytes <= ANSWER_LIMIT) return result;
  const message = `The answer would have ${bytes} bytes; ${ANSWER_LIMIT} is the limit. Ask for less at once.`;
  return {
    statusCode: HttpStatusCodes.REQUEST_ENTITY_TOO_LARGE,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ error: { code: 'ANSWER_TOO_LARGE', message } }),
  };
}

function errorReply(name: string, error: Error): Response {
  if (error instanceof SwitchboardError) {
    const status = STATUS_BY_ERROR.find(([kind]) => error instanceof kind)?.[1];
    if (status !== undefined) return reply(status, error.code, error.message, error.field);
  }
  logger.error('failed', { api: name, error: describeError(error) });
  return reply(
    500,
    'INTERNAL',
    'Something went wrong on our side. Try again, and tell the operator if it stays.',
  );
}

function reply(status: number, code: string, message: string, field?: string): Response {
  return Response.json({ error: { code, message, ...(field === undefined ? {} : { field }) } }, { status });
}

/** The router's own messages may quote requests, so they are not logged; `errorReply` logs what is safe. */
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
