import { ConnectClient } from '@aws-sdk/client-connect';
import { type Flow, type FlowName, formatFlowName } from '#core/flows/index.ts';
import type { TestFunctions } from '#support/functions.ts';
import { type CallInstance, createConnectInstance } from '#tools/flows/play/index.ts';
import { deployCustomResources } from '#tools/local/custom-resources/deploy.ts';
import type { AwsEmulator } from '#tools/local/emulators/index.ts';
import { CONNECT_INSTANCE_ARN, LOCAL, readTemplate } from '#tools/local/template/index.ts';

/** Runs the custom resource of the template, as a deployment does: it installs the flows. */
export async function setUp(
  { asynchronous }: TestFunctions,
  parameters: Record<string, string>,
): Promise<void> {
  await deployCustomResources(readTemplate(process.cwd(), { parameters }), asynchronous, undefined);
  await asynchronous.idle();
}

/** The instance of an emulator, as the player reads it. */
export function emulatorInstance({ url }: AwsEmulator): CallInstance {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new ConnectClient({ endpoint: url, region: LOCAL.region, credentials });
  return createConnectInstance(client, CONNECT_INSTANCE_ARN);
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

/** The ARN of a shipped flow in an emulator. */
export function flowArn({ state }: AwsEmulator, name: FlowName): string {
  return state.flows.all().find(({ Name }) => Name === titleOf(name))?.Arn ?? '';
}

function titleOf(name: FlowName): string {
  return formatFlowName(LOCAL.stack, name);
}
