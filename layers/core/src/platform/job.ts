import type { Context } from 'aws-lambda';
import { describeError } from './errors.ts';
import { logger, metrics } from './observability.ts';

/**
 * Wraps a function that runs on a schedule or on an event of EventBridge. Its result is logged and returned; an
 * error is logged, stripped of foreign messages and thrown, so that Lambda tries again and then keeps the event.
 *
 * @param name the function, for the log: `agent-sync`
 */
export function jobHandler<Result extends object>(
  name: string,
  run: (event: unknown, context: Context) => Promise<Result>,
) {
  return async function handleJob(event: unknown, context: Context): Promise<Result> {
    try {
      const result = await run(event, context);
      logger.info('done', { job: name, result });
      return result;
    } catch (error) {
      logger.error('failed', { job: name, error: describeError(error) });
      throw new Error(`${name} failed; its log entry "failed" says where and why.`);
    } finally {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    }
  };
}
