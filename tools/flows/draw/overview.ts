import { type FlowAction, type FlowName, SHIPPED_FLOWS } from '@switchboard/core/flows';
import type { Arrow, Block, Kind, Picture } from './blocks.ts';
import { describeAction, placeholderName } from './descriptions.ts';

const NUMBER = 'A phone number';
const DIRECT_NUMBER = 'A direct number';
/** The flow that finds the agent of the called number. */
const DIRECT_FLOW: FlowName = 'extension-transfer';

/** Draws how the flows are connected: their transfers, functions, and queues. */
export function createOverview(): Picture {
  const flows = SHIPPED_FLOWS.map(({ name, type, description, source }) =>
    box(name, type === 'CONTACT_FLOW' ? 'contact flow' : 'customer queue flow', 'say', [
      description,
      ...new Set(source.Actions.flatMap(asked)),
    ]),
  );
  const arrows = SHIPPED_FLOWS.flatMap(({ name, source }) => arrowsFrom(name, source.Actions));
  const known = new Set(flows.map(({ id }) => id));
  const queues = [...new Set(arrows.map(({ to }) => to).filter((to) => !known.has(to)))];
  const entries = flows.filter(({ id }) => !arrows.some(({ to }) => to === id));
  return {
    blocks: [
      box(NUMBER, 'yours, in the instance', 'set', []),
      box(DIRECT_NUMBER, "an agent's, in the instance", 'set', []),
      ...flows,
      ...queues.map((queue) => box(queue, 'queue', 'route', [])),
    ],
    arrows: [
      ...entries.map(({ id }) => arrow(NUMBER, id, 'associated with')),
      arrow(DIRECT_NUMBER, DIRECT_FLOW, 'associated with'),
      ...arrows,
    ],
  };
}

function asked(action: FlowAction): string[] {
  return action.Type === 'InvokeLambdaFunction'
    ? [`invokes the function ${placeholderName(action.Parameters.LambdaFunctionARN)}`]
    : [];
}

function arrowsFrom(from: string, actions: FlowAction[]): Arrow[] {
  const arrows = actions.flatMap((action) => {
    const found = targetOf(action);
    return found === undefined ? [] : [arrow(from, ...found)];
  });
  return [...new Map(arrows.map((one) => [one.to, one])).values()];
}

function targetOf(action: FlowAction): [to: string, label: string] | undefined {
  const { Type, Parameters } = action;
  switch (Type) {
    case 'TransferToFlow':
      return [placeholderName(Parameters.ContactFlowId), 'transfers to'];
    case 'UpdateContactEventHooks':
      return ['agent-queue', 'while the caller waits'];
    case 'UpdateContactTargetQueue':
    case 'DequeueContactAndTransferToQueue':
      return [
        Parameters.AgentId === undefined ? (describeAction(action)[0] ?? '') : "the agent's own queue",
        'transfers to',
      ];
    default:
      return undefined;
  }
}

function arrow(from: string, to: string, label: string): Arrow {
  return { from, to, label, error: false };
}

function box(id: string, type: string, kind: Kind, lines: string[]): Block {
  return { id, rows: [{ identifier: id, type, kind, lines, errors: [] }] };
}
