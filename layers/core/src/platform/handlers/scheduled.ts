import type { Context } from 'aws-lambda';
import { describeError } from '#core/platform/errors.ts';
import { count, duration, logger, metrics } from '#core/platform/observability.ts';

/** What a job answers: how it ended, and counts. These are logged; anything else is for who invoked it. */
export interface JobResult {
  status: string;
  counts: object;
}

/**
 * Wraps a function that runs on a schedule or on an event of EventBridge. Its result is returned; an error is logged, stripped of foreign messages and thrown, so that Lambda tries again and then keeps the event.
 *
 * @param name the function, for the log and the metrics: `agent-sync`
 */
export function jobHandler<Result extends JobResult>(
  name: string,
  run: (event: unknown, context: Context) => Promise<Result>,
) {
  return async function handleJob(event: unknown, context: Context): Promise<Result> {
    const started = performance.now();
    try {
      const result = await run(event, context);
      count(`Runs.${name}.${result.status}`);
      logger.info('done', { job: name, status: result.status, counts: result.counts });
      return result;
    } catch (error) {
      count(`Runs.${name}.FAILED`);
      logger.error('failed', { job: name, error: describeError(error) });
      throw new Error(`${name} failed; its log entry "failed" says where and why.`);
    } finally {
      duration(`RunDuration.${name}`, performance.now() - started);
      metrics.publishStoredMetrics();
    }
  };
}
