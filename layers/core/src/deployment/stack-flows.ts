import { type FlowName, formatFlowName, SHIPPED_FLOWS } from '#core/flows/index.ts';
import { ConfigurationError } from '#core/platform/errors.ts';
import type { ConnectCalls } from './connect.ts';
import { describeFlow, type FoundFlow, listFlows, searchFlows, TAGS } from './flow-store.ts';

/** What there is in the instance under our names, or with our tags. */
export interface OwnFlows {
  own: Map<FlowName, FoundFlow>;
  /** Every flow that the stack made, what earlier versions shipped too. */
  tagged: FoundFlow[];
  /** Names of ours that somebody else's flow has. */
  taken: string[];
}

/** Looks for the stack's flows: by name, and by tag for those that were renamed. */
export async function findFlows(calls: ConnectCalls, stackName: string): Promise<OwnFlows> {
  const titles = new Set(SHIPPED_FLOWS.map(({ name }) => formatFlowName(stackName, name).toLowerCase()));
  const named = (await listFlows(calls)).filter(({ name }) => titles.has(name.toLowerCase()));
  const ids = new Set([...named.map(({ id }) => id), ...(await searchFlows(calls, stackName))]);
  const found: OwnFlows = { own: new Map(), tagged: [], taken: [] };
  for (const id of ids) {
    const flow = await describeFlow(calls, id);
    if (!flow) continue;
    if (flow.tags[TAGS.stack] !== stackName || isCopy(flow)) {
      found.taken.push(flow.name);
      continue;
    }
    found.tagged.push(flow);
    const name = shippedName(flow);
    if (name) found.own.set(name, preferred(found.own.get(name), flow, formatFlowName(stackName, name)));
  }
  // Whoever took a name does not matter when our flow lives on under another.
  const missing = SHIPPED_FLOWS.filter(({ name }) => !found.own.has(name));
  const needed = new Set(missing.map(({ name }) => formatFlowName(stackName, name).toLowerCase()));
  found.taken = found.taken.filter((name) => needed.has(name.toLowerCase()));
  return found;
}

/**
 * Makes sure that no flow of somebody else's is in the way.
 *
 * @throws {ConfigurationError} `NAME_TAKEN`
 */
export function refuseTakenNames(taken: string[]): void {
  if (taken.length === 0) return;
  throw new ConfigurationError(
    'NAME_TAKEN',
    `The instance has ${taken.map((name) => `"${name}"`).join(', ')} already, and this stack did not make it. ` +
      'Rename it in Amazon Connect, or deploy the stack under another name: flows are named after it.',
  );
}

function shippedName({ tags }: FoundFlow): FlowName | undefined {
  return SHIPPED_FLOWS.find(({ name }) => name === tags[TAGS.flow])?.name;
}

/** Saved by a person under another name, with the tags of ours: it is the person's. */
function isCopy({ id, tags }: FoundFlow): boolean {
  return (tags[TAGS.id] ?? id) !== id;
}

/** There are two when a search did not find one that was renamed, or of a version whose flows had no id: ours by name counts. */
function preferred(known: FoundFlow | undefined, flow: FoundFlow, title: string): FoundFlow {
  return !known || flow.name === title ? flow : known;
}
