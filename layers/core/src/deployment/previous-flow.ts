import type { Connect } from '#core/connect/connect.ts';
import { describeContactFlow } from '#core/connect/contact-flows.ts';
import { associateFlow, disassociateFlow, type PhoneNumberReference } from '#core/connect/phone-numbers.ts';
import { FLOW_TAGS, type Tags, tagResource } from '#core/connect/tags.ts';
import { ConfigurationError, describeError } from '#core/platform/errors.ts';
import { logger } from '#core/platform/observability.ts';

/**
 * Records in a tag of the inbound flow which flow a number pointed at before.
 *
 * @param flowId undefined: at none. That is recorded only in place of another flow.
 */
export async function recordPreviousFlow(
  connect: Connect,
  inbound: { arn: string; tags: Tags },
  number: PhoneNumberReference,
  flowId: string | undefined,
): Promise<void> {
  if (flowId === undefined && !inbound.tags[FLOW_TAGS.before]) return;
  await tagResource(connect, inbound.arn, { [FLOW_TAGS.before]: `${number.id}/${flowId ?? ''}` });
}

/**
 * Points a number at its previous flow again if that flow exists and is not one of the stack's, else at none.
 *
 * @param tags those of the inbound flow
 */
export async function restorePreviousFlow(
  connect: Connect,
  number: PhoneNumberReference,
  tags: Tags,
): Promise<void> {
  const [numberId, flowId] = (tags[FLOW_TAGS.before] ?? '').split('/');
  const previous = numberId === number.id && flowId ? await describeContactFlow(connect, flowId) : undefined;
  if (previous && previous.tags[FLOW_TAGS.stack] !== tags[FLOW_TAGS.stack]) {
    try {
      await associateFlow(connect, number.id, previous.id);
      return;
    } catch (error) {
      // Connect refused it: for example, the role has no right for the flows of a previous instance.
      if (!(error instanceof ConfigurationError)) throw error;
      logger.warn('previous flow refused', { flow: previous.id, error: describeError(error) });
    }
  }
  await disassociateFlow(connect, number.id);
}
