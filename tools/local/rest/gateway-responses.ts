import type { ServerResponse } from 'node:http';
import { numberAt, objectAt, textAt } from '#tools/json.ts';
import type { Template } from '#tools/local/template/index.ts';

/** The responses of API Gateway itself. */
const DEFAULT_RESPONSES = {
  INVALID_API_KEY: { status: 403, message: 'Forbidden', error: 'ForbiddenException' },
  MISSING_AUTHENTICATION_TOKEN: {
    status: 403,
    message: 'Missing Authentication Token',
    error: 'MissingAuthenticationTokenException',
  },
  REQUEST_TOO_LARGE: {
    status: 413,
    message: 'Request Too Long',
    error: 'RequestEntityTooLargeException',
  },
  INTEGRATION_TIMEOUT: {
    status: 504,
    message: 'Endpoint request timed out',
    error: 'InternalServerErrorException',
  },
  INTEGRATION_FAILURE: {
    status: 502,
    message: 'Internal server error',
    error: 'InternalServerErrorException',
  },
} as const;

export type GatewayResponse = keyof typeof DEFAULT_RESPONSES;

/** Sends a response of API Gateway, as the GatewayResponses of the template customize it. */
export type GatewayResponder = (response: ServerResponse, kind: GatewayResponse, requestId: string) => void;

export function createGatewayResponder(template: Template): GatewayResponder {
  const api = template.ofType('AWS::Serverless::Api')[0];
  const customised = objectAt(api?.properties, 'GatewayResponses');

  return (response, kind, requestId) => {
    const { status: defaultStatus, message, error } = DEFAULT_RESPONSES[kind];
    const family = defaultStatus < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX';
    const custom = objectAt(customised, kind in customised ? kind : family);
    const template_ =
      textAt(objectAt(custom, 'ResponseTemplates'), 'application/json') ??
      '{"message":$context.error.messageString}';
    const body = render(template_, {
      'error.messageString': JSON.stringify(message),
      'error.message': message,
      'error.responseType': kind,
      requestId,
    });
    response.writeHead(numberAt(custom, 'StatusCode') ?? defaultStatus, {
      'content-type': 'application/json',
      'x-amzn-requestid': requestId,
      'x-amzn-errortype': error,
    });
    response.end(body);
  };
}

function render(template: string, context: Record<string, string>): string {
  return template.replace(
    /\$context\.([A-Za-z]+(?:\.[A-Za-z]+)?)/g,
    (whole, name: string) => context[name] ?? whole,
  );
}
