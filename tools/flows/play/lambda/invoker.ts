/** One request to a function. */
export interface LambdaRequest {
  functionArn: string;
  event: unknown;
  /** The maximum time to wait for a response. */
  timeLimitMs: number;
}

/** The result of a request and its duration. */
export type LambdaResult = { durationMs: number } & (
  | { kind: 'answer'; payload: Uint8Array }
  /** The function failed, timed out, or could not be loaded. */
  | { kind: 'function-error'; errorType: string; errorMessage: string }
  | { kind: 'throttled' }
  /** Lambda failed with a 5xx error. */
  | { kind: 'service-error'; status: number }
  /** Lambda rejected the request: the function does not exist, or the caller has no permission. */
  | { kind: 'refused'; status: number; reason: string }
  | { kind: 'timed-out' }
);

export type LambdaInvoker = (request: LambdaRequest) => Promise<LambdaResult>;

/** The maximum number of attempts. Connect retries throttles and 5xx errors. */
const ATTEMPTS = 3;

export type InvocationResult = { durationMs: number; attempts: number } & (
  | { kind: 'answer'; payload: Uint8Array }
  | { kind: 'failed'; why: string }
);

/**
 * Invokes a function as an *AWS Lambda function* block does. Retries throttles and 5xx errors up to three attempts within
 * one time limit. Does not retry errors of the function.
 */
export async function invokeWithRetries(
  limitMs: number,
  request: Omit<LambdaRequest, 'timeLimitMs'>,
  invoke: LambdaInvoker,
): Promise<InvocationResult> {
  let spentMs = 0;
  for (let attempts = 1; ; attempts += 1) {
    const result = await invoke({ ...request, timeLimitMs: limitMs - spentMs });
    spentMs += result.durationMs;
    if (spentMs >= limitMs || result.kind === 'timed-out') {
      const why = `the function did not respond within ${limitMs / 1_000} seconds`;
      return { kind: 'failed', why, durationMs: limitMs, attempts };
    }
    const passed = { durationMs: spentMs, attempts };
    if (result.kind === 'answer') return { kind: 'answer', payload: result.payload, ...passed };
    const mayRetry = result.kind === 'throttled' || result.kind === 'service-error';
    if (!mayRetry || attempts === ATTEMPTS) return { kind: 'failed', why: reasonOf(result), ...passed };
  }
}

function reasonOf(result: Exclude<LambdaResult, { kind: 'answer' | 'timed-out' }>): string {
  switch (result.kind) {
    case 'function-error':
      return `the function failed: ${result.errorType}: ${result.errorMessage}`;
    case 'throttled':
      return 'Lambda throttled the invocation';
    case 'service-error':
      return `Lambda responded with ${result.status}`;
    case 'refused':
      return `Lambda rejected the invocation with ${result.status}: ${result.reason}`;
  }
}
