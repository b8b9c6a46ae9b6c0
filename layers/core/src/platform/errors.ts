/**
 * The base of every error that this application throws on purpose. Its message can be shown and logged: it says what is
 * wrong and what to do, and never contains personal data.
 */
export class SwitchboardError extends Error {
  /** Written out in each class, because the build shortens the names of classes. */
  override readonly name: string = 'SwitchboardError';
  /** Stable, for machines: `INVALID_BODY`, `VERSION_CONFLICT` … */
  readonly code: string;
  /** The field the error is about, as a path: `identifiers[2]`. */
  readonly field: string | undefined;

  constructor(code: string, message: string, options: { field?: string | undefined; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.field = options.field;
  }
}

/** The input is invalid. */
export class InvalidInputError extends SwitchboardError {
  override readonly name: string = 'InvalidInputError';
}

/** What the request names does not exist. */
export class NotFoundError extends SwitchboardError {
  override readonly name: string = 'NotFoundError';
}

/** Another write came first, or the state does not allow the request. */
export class ConflictError extends SwitchboardError {
  override readonly name: string = 'ConflictError';
}

/** It existed and has expired. Request a new one. */
export class GoneError extends SwitchboardError {
  override readonly name: string = 'GoneError';
}

/** The request is well formed, but contradicts an earlier one, or names something that may not be used. */
export class UnprocessableError extends SwitchboardError {
  override readonly name: string = 'UnprocessableError';
}

/** It is too large to be stored. The message names the limit and the actual size. */
export class TooLargeError extends SwitchboardError {
  override readonly name: string = 'TooLargeError';
}

/** A dependency did not answer in time, or failed. A later attempt may succeed. */
export class UnavailableError extends SwitchboardError {
  override readonly name: string = 'UnavailableError';
}

/** The deployment has a wrong setting. Its operator must correct it. */
export class ConfigurationError extends SwitchboardError {
  override readonly name: string = 'ConfigurationError';
}

/** Throttles, 5xx, time-outs and broken connections: the request may be right, the dependency failed. */
export function isOutage(error: unknown): boolean {
  if (error instanceof UnavailableError) return true;
  if (!(error instanceof Error) || error instanceof SwitchboardError) return false;
  const { $metadata, $fault, code } = error as Error & {
    $metadata?: { httpStatusCode?: number };
    $fault?: 'client' | 'server';
    code?: string;
  };
  if (
    THROTTLES.has(error.name) ||
    NETWORK_NAMES.has(error.name) ||
    (code !== undefined && NETWORK_CODES.has(code))
  )
    return true;
  return ($metadata?.httpStatusCode ?? 0) >= 500 || ($fault === 'server' && $metadata !== undefined);
}

const THROTTLES = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'TooManyRequestsException',
  'LimitExceededException',
]);
const NETWORK_NAMES = new Set(['AbortError', 'TimeoutError', 'NetworkingError']);
const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
]);

/**
 * Waits for a call that the SDK has already tried several times.
 *
 * @throws {UnavailableError} in place of a throttle, a 5xx, a time-out or a broken connection
 */
export async function asUnavailable<T>(dependency: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    if (!isOutage(cause)) throw cause;
    throw new UnavailableError('UNAVAILABLE', `${dependency} did not answer in time. Try again.`, { cause });
  }
}

/** The parts of an error that can always be logged: names, codes, and places in the code. */
export interface ErrorDescription {
  name: string;
  code?: string;
  message?: string;
  requestId?: string;
  frames?: string[];
  cause?: ErrorDescription;
}

/**
 * Describes any thrown value for the log. Messages of foreign errors are left out, because services and
 * libraries quote the offending value, which may be personal.
 */
export function describeError(error: unknown, depth = 0): ErrorDescription {
  if (!(error instanceof Error)) return { name: typeof error };
  const description: ErrorDescription = { name: error.name };
  if (error instanceof SwitchboardError) {
    description.code = error.code;
    description.message = error.message;
  } else {
    const { code, $metadata } = error as { code?: unknown; $metadata?: { requestId?: string } };
    if (typeof code === 'string') description.code = code;
    if ($metadata?.requestId) description.requestId = $metadata.requestId;
  }
  description.frames = framesOf(error);
  if (error.cause !== undefined && depth < 3) description.cause = describeError(error.cause, depth + 1);
  return description;
}

/** The stack without the message it begins with: a line of a message may look like a frame. */
function framesOf({ stack = '', message }: Error): string[] {
  const start = stack.indexOf(message);
  if (start < 0) return [];
  return stack
    .slice(start + message.length)
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 8)
    .map((line) => line.trim());
}
