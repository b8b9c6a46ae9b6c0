import { HttpStatusCodes, ParameterValidationError, Router } from '@aws-lambda-powertools/event-handler/http';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
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
import { count, duration, logger } from '#core/platform/observability.ts';
import { createHandler, type LambdaHandler } from './create-handler.ts';

/** The HTTP status of each error. */
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
 * Makes a REST function of its routes. Errors become `{error: {code, message, field}}`; one log line has the method,
 * the route, and the status.
 *
 * @param name the function, for the log: `contacts-api`
 * @param register adds the routes
 */
export function createApiHandler(
  name: string,
  register: (app: Router) => void,
): LambdaHandler<APIGatewayProxyEvent, APIGatewayProxyResult> {
  const app = createRouter();
  register(app);
  return createHandler(name, {
    async run(event: APIGatewayProxyEvent, context) {
      // A GET may have a body, and the router's Request would throw on it.
      const body = event.httpMethod === 'GET' ? null : event.body;
      return withinLimit(await app.resolve({ ...event, body }, context));
    },
    report({ statusCode }, milliseconds, { httpMethod, resource }) {
      count('ApiRequests');
      duration('ApiDuration', milliseconds);
      logger.info('answered', { method: httpMethod, route: resource, status: statusCode });
    },
    respond: (result) => result,
  });
}

function createRouter(): Router {
  const app = new Router({ logger: noop });
  app.errorHandler(Error, async (error) => errorReply(error));
  app.errorHandler(URIError, async () =>
    reply(400, 'INVALID_PATH', 'The path has a "%" that is not followed by two hexadecimal digits.'),
  );
  app.errorHandler(ParameterValidationError, async () =>
    reply(400, 'INVALID_PATH', 'A part of the path is empty. See docs/openapi.yaml for its format.'),
  );
  app.notFound(async () => reply(404, 'NOT_FOUND', 'There is no such path. See docs/openapi.yaml.'));
  app.methodNotAllowed(async () =>
    reply(405, 'METHOD_NOT_ALLOWED', 'This path has no such method. See docs/openapi.yaml.'),
  );
  return app;
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

/** The largest response that Lambda returns. For a larger one the client would get a 502 without a reason. */
const MAX_RESPONSE_BYTES = 6 * 1024 * 1024;

function withinLimit(result: APIGatewayProxyResult): APIGatewayProxyResult {
  // Written as JSON once more, no character takes more than six bytes: `\u0000`.
  if (result.body.length * 6 < MAX_RESPONSE_BYTES) return result;
  const bytes = Buffer.byteLength(JSON.stringify(result));
  if (bytes <= MAX_RESPONSE_BYTES) return result;
  const message = `The response would have ${bytes} bytes; ${MAX_RESPONSE_BYTES} is the limit. Request less at once.`;
  return {
    statusCode: HttpStatusCodes.REQUEST_ENTITY_TOO_LARGE,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ error: { code: 'RESPONSE_TOO_LARGE', message } }),
  };
}

function errorReply(error: Error): Response {
  if (error instanceof SwitchboardError) {
    const status = STATUS_BY_ERROR.find(([kind]) => error instanceof kind)?.[1];
    if (status !== undefined) return reply(status, error.code, error.message, error.field);
  }
  logger.error('failed', { error: describeError(error) });
  return reply(
    500,
    'INTERNAL',
    'The request failed because of a bug or a wrong setting. Try again. If it fails again, contact the operator.',
  );
}

function reply(status: number, code: string, message: string, field?: string): Response {
  return Response.json({ error: { code, message, ...(field === undefined ? {} : { field }) } }, { status });
}

/** The router's own messages may quote requests, so they are not logged; `errorReply` logs what is safe. */
const noop = { debug() {}, info() {}, warn() {}, error() {} };
