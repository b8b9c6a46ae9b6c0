import agentQueue from '@switchboard/flows/agent-queue.json' with { type: 'json' };
import dialByName from '@switchboard/flows/dial-by-name.json' with { type: 'json' };
import extensionTransfer from '@switchboard/flows/extension-transfer.json' with { type: 'json' };
import inbound from '@switchboard/flows/inbound.json' with { type: 'json' };
import type { Flow, FlowType } from './language.ts';

export type FlowName = 'agent-queue' | 'extension-transfer' | 'dial-by-name' | 'inbound';

export interface ShippedFlow {
  name: FlowName;
  type: FlowType;
  /** What the console of Connect shows beside the name. */
  description: string;
  /** With placeholders; see renderFlow. */
  source: Flow;
}

/** The flows we ship, in the order in which they can be created: a flow comes after those it names. */
export const SHIPPED_FLOWS: readonly ShippedFlow[] = [
  {
    name: 'agent-queue',
    type: 'CUSTOMER_QUEUE',
    description:
      'What a caller hears who waits for an agent; after a while the caller goes on to the operator.',
    source: asFlow(agentQueue),
  },
  {
    name: 'extension-transfer',
    type: 'CONTACT_FLOW',
    description: 'Puts a caller through to an extension, or to the agent whose direct number was called.',
    source: asFlow(extensionTransfer),
  },
  {
    name: 'dial-by-name',
    type: 'CONTACT_FLOW',
    description: 'Lets a caller spell a name on the keypad and choose among the agents found.',
    source: asFlow(dialByName),
  },
  {
    name: 'inbound',
    type: 'CONTACT_FLOW',
    description: 'Answers a call: who is calling, in which language, and whom to put the caller through to.',
    source: asFlow(inbound),
  },
];

/** The types that the compiler infers from JSON are unions of every action's shape; the checker proves the shape. */
function asFlow(json: object): Flow {
  return json as Flow;
}
