/** What became of a text that the dispatcher gave to the provider. */
export type SendOutcome =
  | { kind: 'SENT'; providerMessageId: string }
  /** The text was not sent, and never will be. */
  | { kind: 'FAILED'; reason: string }
  /** The text was not sent. Try again later; `needsOperator`: only an operator can remove the reason. */
  | { kind: 'RETRY'; reason: string; needsOperator?: true }
  /** The provider knows that the recipient opted out. */
  | { kind: 'OPTED_OUT' }
  /** The provider may or may not have sent the text. */
  | { kind: 'UNKNOWN'; reason: string };

/**
 * Reads an error of SendTextMessage. The operation has no client token, so repeating a request that succeeded sends a
 * second text. Therefore only an error that proves a refusal counts as one. After every other error, known or not,
 * the outcome is UNKNOWN.
 *
 * @returns reasons are Switchboard's own words or names of errors, never their messages, which may quote the recipient
 */
export function outcomeOf(error: unknown): SendOutcome {
  const { name, Reason, status } = readError(error);
  if (name === 'ConflictException' && Reason === 'DESTINATION_PHONE_NUMBER_OPTED_OUT') {
    return { kind: 'OPTED_OUT' };
  }
  const reason = Reason === undefined ? name : `${name}.${Reason}`;
  if (OPERATOR_ERRORS.has(name)) return { kind: 'RETRY', reason, needsOperator: true };
  if (RETRYABLE_ERRORS.has(name) || neverConnected(error)) return { kind: 'RETRY', reason };
  if (PERMANENT_ERRORS.has(name) && status >= 400 && status < 500) return { kind: 'FAILED', reason };
  return { kind: 'UNKNOWN', reason: unknownReasonOf(error, status) ?? reason };
}

/** How a response was lost, for the person who resolves the message. docs/messages.md lists these reasons. */
export type UnknownReason = 'CONNECTION_LOST' | 'NO_RESPONSE' | 'UNREADABLE_RESPONSE';

/** Undefined when the name of the error says more. */
function unknownReasonOf(error: unknown, status: number): UnknownReason | undefined {
  const { name, code } = (error ?? {}) as { name?: unknown; code?: unknown };
  // The SDK calls a broken connection a TimeoutError, too.
  if (typeof code === 'string' && CONNECTION_LOST_CODES.has(code)) return 'CONNECTION_LOST';
  if (name === 'TimeoutError' || name === 'AbortError' || code === 'TIMED_OUT') return 'NO_RESPONSE';
  return name === 'SyntaxError' || status >= 500 ? 'UNREADABLE_RESPONSE' : undefined;
}

/** Node's codes for a connection that ended during a request. */
const CONNECTION_LOST_CODES = new Set(['ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE']);

/**
 * Errors by which the service or its front end refuses a request for now. The service documents
 * InternalServerException as "couldn't complete the request".
 */
const RETRYABLE_ERRORS = new Set([
  'ThrottlingException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'InternalServerException',
  'ServiceUnavailableException',
]);

/**
 * Refusals, also of the SDK before it sends a request, that only an operator can end: a missing permission, a spent
 * budget, a wrong clock, missing credentials.
 */
const OPERATOR_ERRORS = new Set([
  'ServiceQuotaExceededException',
  'AccessDeniedException',
  'UnrecognizedClientException',
  'ExpiredTokenException',
  'InvalidSignatureException',
  'IncompleteSignatureException',
  'RequestExpired',
  'CredentialsProviderError',
]);

const PERMANENT_ERRORS = new Set([
  'ConflictException',
  'ResourceNotFoundException',
  'ValidationException',
  'SerializationException',
  'UnknownOperationException',
]);

/** The names of errors and of their reasons are words. Anything else must not reach the log or the table. */
const ERROR_NAME = /^[A-Za-z0-9_]{1,80}$/;

function readError(error: unknown): { name: string; Reason: string | undefined; status: number } {
  const { name, code, Reason, $metadata } = (error ?? {}) as {
    name?: unknown;
    code?: unknown;
    Reason?: unknown;
    $metadata?: { httpStatusCode?: number };
  };
  const word = [name === 'Error' ? code : name, name].find(
    (candidate) => typeof candidate === 'string' && ERROR_NAME.test(candidate),
  );
  return {
    name: typeof word === 'string' ? word : 'Error',
    Reason: typeof Reason === 'string' && ERROR_NAME.test(Reason) ? Reason : undefined,
    status: $metadata?.httpStatusCode ?? 0,
  };
}

/**
 * Without a connection, nothing was sent: the name was not found, the connection was refused, or it was not made in
 * time. The SDK's timeouts have one name, but only the timeout of a request in progress has a code.
 */
function neverConnected(error: unknown): boolean {
  const { name, code, syscall, errors } = (error ?? {}) as {
    name?: unknown;
    code?: unknown;
    syscall?: unknown;
    errors?: unknown;
  };
  if (syscall === 'connect' || syscall === 'getaddrinfo') return true;
  // Node tries the addresses of a host one after the other.
  if (Array.isArray(errors)) return errors.length > 0 && errors.every(neverConnected);
  return name === 'TimeoutError' && code === undefined;
}
