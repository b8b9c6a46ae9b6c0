import type { LambdaInvoker, LambdaResult } from './invoker.ts';

/** Invokes functions through an Invoke API, such as the one of `npm start`. */
export function createHttpInvoker(lambdaUrl: string, fetchFrom: typeof fetch = fetch): LambdaInvoker {
  return async function invoke({ functionArn, event, timeLimitMs }) {
    const started = performance.now();
    const durationMs = () => performance.now() - started;
    const url = `${lambdaUrl}/2015-03-31/functions/${encodeURIComponent(functionArn)}/invocations`;
    try {
      const response = await fetchFrom(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(event),
        signal: AbortSignal.timeout(Math.ceil(timeLimitMs)),
      });
      const payload = new Uint8Array(await response.arrayBuffer());
      return { ...toResult(response, payload), durationMs: durationMs() };
    } catch (error) {
      if ((error as Error).name !== 'TimeoutError') throw error;
      return { kind: 'timed-out', durationMs: timeLimitMs };
    }
  };
}

type Unmeasured<Result> = Result extends unknown ? Omit<Result, 'durationMs'> : never;

function toResult(response: Response, payload: Uint8Array): Unmeasured<LambdaResult> {
  const { status, headers } = response;
  if (status === 429) return { kind: 'throttled' };
  if (status >= 500) return { kind: 'service-error', status };
  if (status >= 400) {
    return { kind: 'refused', status, reason: headers.get('x-amzn-errortype') ?? 'no reason given' };
  }
  if (!headers.has('x-amz-function-error')) return { kind: 'answer', payload };
  const { errorType, errorMessage } = JSON.parse(new TextDecoder().decode(payload));
  return { kind: 'function-error', errorType: String(errorType), errorMessage: String(errorMessage) };
}
