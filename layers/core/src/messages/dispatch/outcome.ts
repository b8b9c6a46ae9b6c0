/** What became of a text that was handed to the sender. */
export type SendOutcome =
  | { kind: 'SENT'; providerMessageId: string }
  /** It was not sent, and never will be. */
  | { kind: 'REFUSED'; reason: string }
  /** It was not sent, and may be later; `mendable` when it stays so until an operator does something. */
  | { kind: 'LATER'; reason: string; mendable?: true }
  /** The sender knows that the recipient wants no texts. */
  | { kind: 'OPTED_OUT' }
  /** Nobody knows whether it was sent. */
  | { kind: 'LOST'; reason: string };

/**
 * Reads an error of SendTextMessage, which has no client token: whoever repeats a request that was carried out sends
 * a second text. So only what is certainly a refusal is one; every other error, known or not, means that the answer
 * was lost.
 *
 * @returns reasons are words of ours or names of errors, never their messages, which may quote the recipient
 */
export function outcomeOf(error: unknown): SendOutcome {
  const { name, Reason, status } = read(error);
  if (name === 'ConflictException' && Reason === 'DESTINATION_PHONE_NUMBER_OPTED_OUT') {
    return { kind: 'OPTED_OUT' };
  }
  const reason = Reason === undefined ? name : `${name}.${Reason}`;
  if (MENDABLE.has(name)) return { kind: 'LATER', reason, mendable: true };
  if (REFUSES_NOW.has(name) || neverConnected(error)) return { kind: 'LATER', reason };
  if (REFUSES.has(name) && status >= 400 && status < 500) return { kind: 'REFUSED', reason };
  return { kind: 'LOST', reason: lostBy(error, status) ?? reason };
}

/** How an answer was lost, in words for a person who has to decide; docs/messages.md lists them. */
export type LostReason = 'CONNECTION_LOST' | 'NO_ANSWER' | 'UNREADABLE_ANSWER';

/** Undefined where the name of the error says more. */
function lostBy(error: unknown, status: number): LostReason | undefined {
  const { name, code } = (error ?? {}) as { name?: unknown; code?: unknown };
  // The SDK calls a connection that breaks a TimeoutError, too.
  if (typeof code === 'string' && BROKEN.has(code)) return 'CONNECTION_LOST';
  if (name === 'TimeoutError' || name === 'AbortError' || code === 'TIMED_OUT') return 'NO_ANSWER';
  return name === 'SyntaxError' || status >= 500 ? 'UNREADABLE_ANSWER' : undefined;
}

/** Node's codes for a connection that ended under a request. */
const BROKEN = new Set(['ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE']);

/**
 * Errors by which the service or its front says: not now. InternalServerException is "couldn't complete the request" in
 * the service's own words.
 */
const REFUSES_NOW = new Set([
  'ThrottlingException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'InternalServerException',
  'ServiceUnavailableException',
]);

/**
 * Refusals, also of the SDK before it sent anything, that end only when somebody mends them: a missing right, a spent
 * budget, a wrong clock, no credentials.
 */
const MENDABLE = new Set([
  'ServiceQuotaExceededException',
  'AccessDeniedException',
  'UnrecognizedClientException',
  'ExpiredTokenException',
  'InvalidSignatureException',
  'IncompleteSignatureException',
  'RequestExpired',
  'CredentialsProviderError',
]);

const REFUSES = new Set([
  'ConflictException',
  'ResourceNotFoundException',
  'ValidationException',
  'SerializationException',
  'UnknownOperationException',
]);

/** Names of errors and of their reasons are words; anything else is not for the log or the table. */
const WORD = /^[A-Za-z0-9_]{1,80}$/;

function read(error: unknown): { name: string; Reason: string | undefined; status: number } {
  const { name, code, Reason, $metadata } = (error ?? {}) as {
    name?: unknown;
    code?: unknown;
    Reason?: unknown;
    $metadata?: { httpStatusCode?: number };
  };
  const word = [name === 'Error' ? code : name, name].find(
    (one) => typeof one === 'string' && WORD.test(one),
  );
  return {
    name: typeof word === 'string' ? word : 'Error',
    Reason: typeof Reason === 'string' && WORD.test(Reason) ? Reason : undefined,
    status: $metadata?.httpStatusCode ?? 0,
  };
}

/**
 * Nothing was sent before there was a connection: the name was not found, the connection was refused, or there was
 * none in time. The SDK's time-outs have one name, but only the one of a request that is under way has a code.
 */
function neverConnected(error: unknown): boolean {
  const { name, code, syscall, errors } = (error ?? {}) as {
    name?: unknown;
    code?: unknown;
    syscall?: unknown;
    errors?: unknown;
  };
  if (syscall === 'connect' || syscall === 'getaddrinfo') return true;
  // Node tries several addresses of a host one after the other.
  if (Array.isArray(errors)) return errors.length > 0 && errors.every(neverConnected);
  return name === 'TimeoutError' && code === undefined;
}
