import { ConnectClient } from '@aws-sdk/client-connect';
import { type Flow, type FlowName, formatFlowName } from '#core/flows/index.ts';
import type { TestFunctions } from '#support/functions.ts';
import { type CallInstance, connectInstance } from '#tools/flows/play/index.ts';
import { deployCustomResources } from '#tools/local/custom-resources/deploy.ts';
import type { StandIn } from '#tools/local/emulators/index.ts';
import { CONNECT_INSTANCE_ARN, LOCAL, readTemplate } from '#tools/local/template/index.ts';

/** Runs the custom resource of the template, as a deployment does: it installs the flows. */
export async function setUp(
  { asynchronous }: TestFunctions,
  parameters: Record<string, string>,
): Promise<void> {
  await deployCustomResources(readTemplate(process.cwd(), { parameters }), asynchronous, undefined);
  await asynchronous.idle();
}

/** The instance of a stand-in, as the player reads it. */
export function standInInstance({ url }: StandIn): CallInstance {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new ConnectClient({ endpoint: url, region: LOCAL.region, credentials });
  return connectInstance(client, CONNECT_INSTANCE_ARN);
}

/** The same instance with one of its shipped flows changed. */
export function withFlow(instance: CallInstance, name: FlowName, change: (flow: Flow) => Flow): CallInstance {
  return {
    ...instance,
    async flow(reference) {
      const flow = await instance.flow(reference);
      if (flow?.name !== titleOf(name)) return flow;
      return { ...flow, content: JSON.stringify(change(JSON.parse(flow.content))) };
    },
  };
}

/** The ARN of a shipped flow in a stand-in. */
export function flowArn({ world }: StandIn, name: FlowName): string {
  return world.flows.all().find(({ Name }) => Name === titleOf(name))?.Arn ?? '';
}

function titleOf(name: FlowName): string {
  return formatFlowName(LOCAL.stack, name);
}
