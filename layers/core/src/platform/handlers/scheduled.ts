import type { Context } from 'aws-lambda';
import { describeError } from '#core/platform/errors.ts';
import { count, duration, logger } from '#core/platform/observability.ts';
import { createHandler, type LambdaHandler } from './create-handler.ts';

/** The result of a run: how it ended, and counts. These are logged; every other field is only returned. */
export interface RunResult {
  status: string;
  counts: object;
}

/**
 * Makes a function that runs on a schedule or on an event of EventBridge or SNS. Its result is returned. An error is
 * logged without foreign messages and thrown, so that Lambda retries and then keeps the event.
 *
 * @param name the function, for the log and the metrics: `agent-sync`
 */
export function createScheduledHandler<Result extends RunResult>(
  name: string,
  run: (event: unknown, context: Context) => Promise<Result>,
): LambdaHandler<unknown, Result> {
  const report = (status: string, milliseconds: number) => {
    count(`Runs.${name}.${status}`);
    duration(`RunDuration.${name}`, milliseconds);
  };
  return createHandler(name, {
    run,
    onError(error, milliseconds) {
      report('FAILED', milliseconds);
      logger.error('failed', { error: describeError(error) });
      throw new Error(`${name} failed; its log entry "failed" says where and why.`);
    },
    report({ status, counts }, milliseconds) {
      report(status, milliseconds);
      logger.info('done', { status, counts });
    },
    respond: (result) => result,
  });
}
