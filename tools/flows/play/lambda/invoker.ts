/** One request to a function. */
export interface LambdaRequest {
  functionArn: string;
  event: unknown;
  /** How long an answer is waited for. */
  timeLimitMs: number;
}

/** How a request ended, and how long it took. */
export type LambdaResult = { durationMs: number } & (
  | { kind: 'answer'; payload: Uint8Array }
  /** The function threw, timed out by its own limit, or could not be loaded. */
  | { kind: 'function-error'; errorType: string; errorMessage: string }
  | { kind: 'throttled' }
  /** Lambda itself failed: a 5xx. */
  | { kind: 'service-error'; status: number }
  /** Lambda refused the request: there is no such function, or it may not be invoked. */
  | { kind: 'refused'; status: number; reason: string }
  | { kind: 'timed-out' }
);

export type LambdaInvoker = (request: LambdaRequest) => Promise<LambdaResult>;

/** Connect asks again after a throttle or a 5xx, this often in all. */
const ATTEMPTS = 3;

export type InvocationResult = { durationMs: number; attempts: number } & (
  | { kind: 'answer'; payload: Uint8Array }
  | { kind: 'failed'; why: string }
);

/**
 * Invokes a function as an *AWS Lambda function* block does: throttles and 5xx are tried again, up to three attempts,
 * all inside one time limit. What the function itself does wrong is not tried again.
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
      const why = `it did not answer within ${limitMs / 1_000} seconds`;
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
      return 'Lambda throttled it';
    case 'service-error':
      return `Lambda answered ${result.status}`;
    case 'refused':
      return `Lambda refused it with ${result.status}: ${result.reason}`;
  }
}
