import { CreateContactFlowCommand, UpdateContactFlowContentCommand } from '@aws-sdk/client-connect';
import type { ShippedFlow } from '#core/flows/index.ts';
import { ConfigurationError } from '#core/platform/errors.ts';
import { type ConnectCalls, isConnectError } from './connect.ts';
import type { FoundFlow } from './flow-store.ts';

/**
 * Creates and publishes a flow, with its tags in the same request: there is no moment at which it is nobody's.
 *
 * @returns undefined when its name is taken
 * @throws {ConfigurationError} `INVALID_FLOW`
 */
export async function createFlow(
  calls: ConnectCalls,
  flow: { shipped: ShippedFlow; title: string; content: string; tags: Record<string, string> },
): Promise<{ id: string; arn: string } | undefined> {
  const { client, instanceId } = calls;
  try {
    const { ContactFlowId = '', ContactFlowArn = '' } = await publish(
      calls,
      'CreateContactFlow',
      flow.title,
      () =>
        client.send(
          new CreateContactFlowCommand({
            InstanceId: instanceId,
            Name: flow.title,
            Type: flow.shipped.type,
            Description: flow.shipped.description,
            Content: flow.content,
            Tags: flow.tags,
          }),
        ),
    );
    return { id: ContactFlowId, arn: ContactFlowArn };
  } catch (error) {
    if (isConnectError(error, 'DuplicateResourceException')) return undefined;
    throw error;
  }
}

/**
 * Replaces what a flow does, and publishes it.
 *
 * @returns false when the flow is gone
 * @throws {ConfigurationError} `INVALID_FLOW`
 */
export async function updateFlow(calls: ConnectCalls, flow: FoundFlow, content: string): Promise<boolean> {
  const { client, instanceId } = calls;
  try {
    await publish(calls, 'UpdateContactFlowContent', flow.name, () =>
      client.send(
        new UpdateContactFlowContentCommand({
          InstanceId: instanceId,
          ContactFlowId: flow.id,
          Content: content,
        }),
      ),
    );
    return true;
  } catch (error) {
    if (isConnectError(error, 'ResourceNotFoundException')) return false;
    throw error;
  }
}

/** How long Connect may take to know of a function or a flow that was just made; not documented, so it is tried. */
const CATCH_UP_MS = [2_000, 6_000];

/** Asks again when Connect finds the flow invalid, because what it names may be newer than what Connect knows. */
async function publish<Answer>(
  { ask, wait }: ConnectCalls,
  operation: string,
  title: string,
  send: () => Promise<Answer>,
): Promise<Answer> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await ask(operation, send, ...PUBLISHING_ERRORS);
    } catch (error) {
      if (!isConnectError(error, 'InvalidContactFlowException')) throw error;
      const pause = CATCH_UP_MS[attempt];
      if (pause === undefined) throw invalidFlow(title, error);
      await wait(pause);
    }
  }
}

const PUBLISHING_ERRORS = [
  'InvalidContactFlowException',
  'DuplicateResourceException',
  'ResourceNotFoundException',
];

function invalidFlow(title: string, error: Error): ConfigurationError {
  const { problems = [] } = error as { problems?: { message?: string }[] };
  const told = problems.slice(0, 3).map(({ message = '' }) => message.slice(0, 200));
  return new ConfigurationError(
    'INVALID_FLOW',
    `Connect does not publish the flow "${title}": ${told.join(' ') || 'it does not say why'}`,
    { cause: error },
  );
}
