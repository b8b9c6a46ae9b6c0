import agentQueue from '@switchboard/flows/agent-queue.json' with { type: 'json' };
import dialByName from '@switchboard/flows/dial-by-name.json' with { type: 'json' };
import extensionTransfer from '@switchboard/flows/extension-transfer.json' with { type: 'json' };
import inbound from '@switchboard/flows/inbound.json' with { type: 'json' };
import type { Flow, FlowType } from './flow-types.ts';

export type FlowName = 'agent-queue' | 'extension-transfer' | 'dial-by-name' | 'inbound';

export interface ShippedFlow {
  name: FlowName;
  type: FlowType;
  /** Shown beside the name in the Connect console. */
  description: string;
  /** With placeholders; see renderFlow. */
  source: Flow;
}

/** The shipped flows, in the order in which they can be created: a flow comes after the flows that it names. */
export const SHIPPED_FLOWS: readonly ShippedFlow[] = [
  {
    name: 'agent-queue',
    type: 'CUSTOMER_QUEUE',
    description:
      'Plays to a caller who waits for an agent, and transfers the caller to the operator after a while.',
    source: asFlow(agentQueue),
  },
  {
    name: 'extension-transfer',
    type: 'CONTACT_FLOW',
    description: 'Transfers a caller to an extension, or to the agent of the direct number that was called.',
    source: asFlow(extensionTransfer),
  },
  {
    name: 'dial-by-name',
    type: 'CONTACT_FLOW',
    description: 'Lets a caller spell a name on the keypad and choose one of the agents found.',
    source: asFlow(dialByName),
  },
  {
    name: 'inbound',
    type: 'CONTACT_FLOW',
    description: 'Answers a call: finds the contact, sets the language, and transfers the caller.',
    source: asFlow(inbound),
  },
];

/** The compiler infers a union of every action's shape from JSON. The flow checker proves the shape. */
function asFlow(json: object): Flow {
  return json as Flow;
}
