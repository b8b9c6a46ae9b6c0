import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { logger, metrics } from '#core/platform/observability.ts';

/** What Lambda calls. A test may leave out the context. */
export type LambdaHandler<Event, Response> = (event: Event, context?: Context) => Promise<Response>;

/** The steps of an invocation, in their order. */
export interface HandlerSteps<Event, Result, Response> {
  run(event: Event, context: Context): Promise<Result>;
  /** Logs an error of `run`, and maps it to a result or to an error that Lambda may log. Without it errors pass through. */
  onError?(error: unknown, milliseconds: number): Result;
  /** Counts, times, and logs a result. */
  report?(result: Result, milliseconds: number, event: Event): void;
  /** Shapes the result as the caller expects it. */
  respond(result: Result): Response;
}

/**
 * Makes the handler of a function. Every kind of handler goes through here, so the order is the same for all: put the
 * name of the function, its version, the request ID, and the cold start on every log line; run and time; map an error;
 * count and log; shape the response; publish the metrics, whatever happened.
 *
 * Lambda's own time limit is the only one: an early timeout would end work that its retries are planned for.
 *
 * @param name the function, for every log line: `caller-lookup`
 */
export function createHandler<Event, Result, Response>(
  name: string,
  { run, onError, report, respond }: HandlerSteps<Event, Result, Response>,
): LambdaHandler<Event, Response> {
  async function handle(event: Event, context: Context): Promise<Response> {
    const started = performance.now();
    let result: Result;
    try {
      result = await run(event, context);
    } catch (error) {
      if (!onError) throw error;
      result = onError(error, performance.now() - started);
    }
    report?.(result, performance.now() - started, event);
    return respond(result);
  }

  return middy(handle, { timeoutEarlyInMillis: 0 })
    .use(injectLambdaContext(logger, { logEvent: false, resetKeys: true }))
    .use(logMetrics(metrics))
    .before(({ context }) => {
      logger.appendKeys({ function: name, function_version: context.functionVersion });
    }) as LambdaHandler<Event, Response>;
}
