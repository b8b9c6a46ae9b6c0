import type { FlowAction } from '@switchboard/core/flows';

/** The placeholder for a flow's ARN: `ExtensionTransferFlowArn` for extension-transfer. */
export function flowPlaceholder(name: string): string {
  const words = name.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join('')}FlowArn`;
}

/** The name of the flow that a TransferToFlow leads to; undefined for any other action, and for a flow not ours. */
export function flowNamed({ Type, Parameters }: FlowAction): string | undefined {
  if (Type !== 'TransferToFlow') return undefined;
  const name = /^\$\{(\w+)FlowArn\}$/.exec(String(Parameters.ContactFlowId))?.[1];
  return name?.replace(/(?!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}
