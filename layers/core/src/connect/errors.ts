import { ConfigurationError, isOutage, SwitchboardError, UnavailableError } from '#core/platform/errors.ts';
import { OutOfTimeError } from '#core/platform/resilience/throttle.ts';

/** Connect refused a request, and will refuse it again. */
export class ConnectRefusedError extends ConfigurationError {
  override readonly name = 'ConnectRefusedError';
  /** The name of the error in the Connect API. */
  readonly reason: string;

  constructor(code: 'ACCESS_DENIED' | 'QUOTA_EXCEEDED' | 'REFUSED', message: string, cause: Error) {
    super(code, message, { cause });
    this.reason = cause.name;
  }
}

/** The reasons for which Connect does not have what a request names. */
export const NOT_FOUND = ['ResourceNotFoundException'] as const;

/** Whether Connect refused a request for one of these reasons. */
export function isRefused(error: unknown, ...reasons: readonly string[]): error is ConnectRefusedError {
  return error instanceof ConnectRefusedError && reasons.includes(error.reason);
}

/** Whether no later request can succeed: Connect does not answer, or the time is over. */
export function isPermanent(error: unknown): boolean {
  return error instanceof SwitchboardError && ['CONNECT_UNAVAILABLE', 'OUT_OF_TIME'].includes(error.code);
}

/**
 * Waits for a request, and returns undefined when Connect refuses it for one of these reasons.
 *
 * @throws every other error of the request
 */
export async function unlessRefused<Output>(
  reasons: readonly string[],
  request: Promise<Output>,
): Promise<Output | undefined> {
  try {
    return await request;
  } catch (error) {
    if (!isRefused(error, ...reasons)) throw error;
    return undefined;
  }
}

/** The other actions that IAM checks: see the service authorization reference of Amazon Connect. */
const DEPENDENT_ACTIONS: Record<string, string> = {
  AssociateLambdaFunction: ' and lambda:AddPermission',
  DisassociateLambdaFunction: ' and lambda:RemovePermission',
  CreateContactFlow: ' and connect:TagResource',
  DescribeInstance: ' and ds:DescribeDirectories',
};

/**
 * Translates an error of the Connect client. An outage stays as it is, because the throttle retries it.
 *
 * @param caller whose request it was: `the role of AgentSyncFunction`
 */
export function translateError(operation: string, error: unknown, caller: string): unknown {
  if (!(error instanceof Error) || error instanceof SwitchboardError) return error;
  const { name } = error;
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0;
  if (status === 403 || name.startsWith('AccessDenied')) {
    const actions = `connect:${operation}${DEPENDENT_ACTIONS[operation] ?? ''}`;
    return new ConnectRefusedError(
      'ACCESS_DENIED',
      `Missing rights: Connect refused ${actions} to ${caller}. ` +
        'Allow it. If it is allowed, look for a permissions boundary or a service control policy that denies it.',
      error,
    );
  }
  if (name === 'LimitExceededException' || name === 'ServiceQuotaExceededException') {
    return new ConnectRefusedError(
      'QUOTA_EXCEEDED',
      `The instance has reached a quota: Connect refused ${operation} (${name}). ` +
        'Remove what you do not need, or request an increase in Service Quotas.',
      error,
    );
  }
  if (isOutage(error) || !name.endsWith('Exception')) return error;
  return new ConnectRefusedError(
    'REFUSED',
    `Connect refused ${operation} (${name})${detailsOf(operation, error)}`,
    error,
  );
}

/** About flows, functions, queues, and phone numbers, the message of Connect holds no personal data. */
function detailsOf(operation: string, { message }: Error): string {
  return /Users?$/.test(operation) ? '.' : `: ${message.slice(0, 300)}`;
}

/** Names the operation in an error of the throttle. */
export function explainOutage(operation: string, error: unknown): unknown {
  if (error instanceof OutOfTimeError) return outOfTime(operation);
  if (!(error instanceof UnavailableError)) return error;
  const { name = 'unknown', code } = (error.cause ?? {}) as { name?: string; code?: string };
  return new UnavailableError(
    'CONNECT_UNAVAILABLE',
    `Amazon Connect did not answer ${operation} (${code ?? name}) after several attempts. ` +
      'Check the AWS Health Dashboard, and try again.',
    { cause: error },
  );
}

export function outOfTime(work: string): OutOfTimeError {
  return new OutOfTimeError(
    'OUT_OF_TIME',
    `There was not enough time for ${work}. Try again: the next attempt continues from here.`,
  );
}
