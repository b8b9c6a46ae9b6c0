import type { Connect } from '#core/connect/connect.ts';
import {
  type ConnectFlow,
  describeContactFlow,
  listContactFlows,
  searchContactFlows,
} from '#core/connect/contact-flows.ts';
import { FLOW_TAGS, isCopy } from '#core/connect/tags.ts';
import { type FlowName, formatFlowName, SHIPPED_FLOWS } from '#core/flows/index.ts';
import { ConfigurationError } from '#core/platform/errors.ts';
import { requireInstance } from './instance.ts';

/** The flows of a stack in the instance. */
export interface StackFlows {
  /** One for each shipped flow that the instance has. */
  current: Map<FlowName, ConnectFlow>;
  /** Every flow that the stack created, also those of earlier versions. */
  tagged: ConnectFlow[];
  /** The titles of missing flows that other flows have. */
  takenNames: string[];
}

/** Finds the flows of the stack by name, and by tag for those that were renamed. */
export async function findStackFlows(connect: Connect, stackName: string): Promise<StackFlows> {
  const titles = new Set(SHIPPED_FLOWS.map(({ name }) => formatFlowName(stackName, name).toLowerCase()));
  const listed = await requireInstance(listContactFlows(connect));
  const named = listed.filter(({ name }) => titles.has(name.toLowerCase()));
  const marked = await searchContactFlows(connect, { [FLOW_TAGS.stack]: stackName });
  const found: StackFlows = { current: new Map(), tagged: [], takenNames: [] };
  for (const id of new Set([...named, ...marked].map((flow) => flow.id))) {
    const flow = await describeContactFlow(connect, id);
    if (!flow) continue;
    if (flow.tags[FLOW_TAGS.stack] !== stackName || isCopy(flow)) {
      found.takenNames.push(flow.name);
      continue;
    }
    found.tagged.push(flow);
    const name = shippedNameOf(flow);
    if (name)
      found.current.set(name, chooseFlow(found.current.get(name), flow, formatFlowName(stackName, name)));
  }
  // Another flow may have the title of a flow of the stack that was renamed.
  const missing = SHIPPED_FLOWS.filter(({ name }) => !found.current.has(name));
  const needed = new Set(missing.map(({ name }) => formatFlowName(stackName, name).toLowerCase()));
  found.takenNames = found.takenNames.filter((name) => needed.has(name.toLowerCase()));
  return found;
}

/**
 * Checks that no other flow has a title that the stack needs.
 *
 * @throws {ConfigurationError} `NAME_TAKEN`
 */
export function rejectTakenNames(names: string[]): void {
  if (names.length === 0) return;
  throw new ConfigurationError(
    'NAME_TAKEN',
    `The instance has ${names.map((name) => `"${name}"`).join(', ')} already, and this stack did not create it. ` +
      'Rename it in Amazon Connect, or deploy the stack under another name: the names of its flows start with it.',
  );
}

function shippedNameOf({ tags }: ConnectFlow): FlowName | undefined {
  return SHIPPED_FLOWS.find(({ name }) => name === tags[FLOW_TAGS.flow])?.name;
}

/**
 * There are two flows when a search missed one that was renamed, or when an earlier version gave its flows no ID. The
 * one with the title counts.
 */
function chooseFlow(found: ConnectFlow | undefined, flow: ConnectFlow, title: string): ConnectFlow {
  return !found || flow.name === title ? flow : found;
}
