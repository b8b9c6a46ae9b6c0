import { describeError, SwitchboardError } from '@switchboard/core/platform/errors';
import { UsageError } from './usage.ts';

/**
 * What went wrong, in words that hold nobody's data: the messages of others are not shown.
 *
 * @param tool as in `npm run …`
 * @param own what only this tool can explain
 */
export function explain(
  error: unknown,
  tool: string,
  own: (error: NodeJS.ErrnoException) => string | undefined,
): string {
  if (error instanceof UsageError) return `${error.message}\nnpm run ${tool} -- --help tells more.`;
  if (error instanceof SwitchboardError) return error.message;
  const words = own(error as NodeJS.ErrnoException);
  if (words !== undefined) return words;
  if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED')
    return 'Nobody answers at the endpoint. Is npm start running? --endpoint names another.';
  return `It failed: ${JSON.stringify(describeError(error))}`;
}
