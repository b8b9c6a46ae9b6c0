import { ConfigurationError, describeError } from '#core/platform/errors.ts';
import { logger } from '#core/platform/observability.ts';
import type { ConnectCalls } from './connect.ts';
import { describeFlow, TAGS, tagFlow } from './flow-store.ts';
import { type PhoneNumber, pointNumber, releaseNumber } from './numbers.ts';

/**
 * Keeps at the inbound flow, which is ours, which flow a number pointed at before.
 *
 * @param flowId undefined: at none, which is kept only in the place of another
 */
export async function rememberFormerFlow(
  calls: ConnectCalls,
  inbound: { arn: string; tags: Record<string, string> },
  number: PhoneNumber,
  flowId: string | undefined,
): Promise<void> {
  if (flowId === undefined && !inbound.tags[TAGS.before]) return;
  await tagFlow(calls, inbound.arn, { [TAGS.before]: `${number.id}/${flowId ?? ''}` });
}

/**
 * Lets a number go: back to the flow that it pointed at before, if that is still there and not ours, else to none.
 *
 * @param tags those of the inbound flow
 */
export async function giveBackNumber(
  calls: ConnectCalls,
  number: PhoneNumber,
  tags: Record<string, string>,
): Promise<void> {
  const [numberId, flowId] = (tags[TAGS.before] ?? '').split('/');
  const former = numberId === number.id && flowId ? await describeFlow(calls, flowId) : undefined;
  if (former && former.tags[TAGS.stack] !== tags[TAGS.stack]) {
    try {
      await pointNumber(calls, number, former.id);
      return;
    } catch (error) {
      // Refused: of a former instance, say, for whose flows there is no right any more. Then nobody answers.
      if (!(error instanceof ConfigurationError)) throw error;
      logger.warn('former flow refused', { flow: former.id, error: describeError(error) });
    }
  }
  await releaseNumber(calls, number);
}
