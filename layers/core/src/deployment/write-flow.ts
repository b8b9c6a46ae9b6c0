import { formatFlowName, type ShippedFlow } from '#core/flows/index.ts';
import { UnavailableError } from '#core/platform/errors.ts';
import type { ConnectCalls } from './connect.ts';
import { contentHash } from './flow-content.ts';
import { describeFlow, describeSaved, type FoundFlow, TAGS, tagFlow, WRITING } from './flow-store.ts';
import { createFlow, updateFlow } from './publish-flow.ts';
import { findFlows, refuseTakenNames } from './stack-flows.ts';

/** What is wanted of one flow. */
export interface WantedFlow {
  shipped: ShippedFlow;
  stackName: string;
  /** Rendered. */
  content: string;
  overwrite: boolean;
}

export interface WrittenFlow {
  id: string;
  arn: string;
  /** What it is called now: a person may have renamed it. */
  name: string;
  /** What it does now. */
  content: string;
  outcome: 'CREATED' | 'UPDATED' | 'UNCHANGED' | 'KEPT';
}

/** Two runs at once can take the flow from each other once or twice, not for ever. */
const ROUNDS = 4;

/**
 * Makes one flow what it shall be. Whatever it is stopped at, the next call goes on from there: a flow is created
 * with its tags, and says while it is written that it is.
 *
 * @param existing what was found before; undefined when there is none
 */
export async function writeFlow(
  calls: ConnectCalls,
  wanted: WantedFlow,
  existing: FoundFlow | undefined,
): Promise<WrittenFlow> {
  let flow = existing;
  for (let round = 0; round < ROUNDS; round += 1) {
    const written = flow ? await update(calls, wanted, flow) : await create(calls, wanted);
    if (written) return written;
    // Somebody was faster: with the same name, or in deleting it.
    flow = await lookAgain(calls, wanted);
  }
  throw new UnavailableError(
    'FLOW_CONTENDED',
    `Somebody else keeps creating and deleting the flow "${titleOf(wanted)}". Try again when they are done.`,
  );
}

async function create(calls: ConnectCalls, wanted: WantedFlow): Promise<WrittenFlow | undefined> {
  const { shipped, stackName, content } = wanted;
  const tags = {
    [TAGS.stack]: stackName,
    [TAGS.flow]: shipped.name,
    [TAGS.source]: contentHash(content),
    [TAGS.content]: WRITING,
  };
  const flow = await createFlow(calls, { shipped, title: titleOf(wanted), content, tags });
  if (!flow || !(await settle(calls, flow, wanted))) return undefined;
  return { ...flow, name: titleOf(wanted), content, outcome: 'CREATED' };
}

async function update(
  calls: ConnectCalls,
  wanted: WantedFlow,
  flow: FoundFlow,
): Promise<WrittenFlow | undefined> {
  const { id, arn, name, tags } = flow;
  const recorded = tags[TAGS.content];
  const untouched = recorded === contentHash(flow.content);
  const leave = async (outcome: 'UNCHANGED' | 'KEPT'): Promise<WrittenFlow> => {
    // Earlier versions did not say it.
    if (tags[TAGS.id] === undefined) await tagFlow(calls, arn, { [TAGS.id]: id });
    return { id, arn, name, content: flow.content, outcome };
  };
  if (untouched && tags[TAGS.source] === contentHash(wanted.content)) return leave('UNCHANGED');
  const byHand = !untouched && recorded !== WRITING;
  if (!wanted.overwrite && (byHand || (await hasDraft(calls, flow)))) return leave('KEPT');
  const written =
    (await tagFlow(calls, arn, { [TAGS.content]: WRITING })) &&
    (await updateFlow(calls, flow, wanted.content)) &&
    (await settle(calls, flow, wanted, flow.content));
  return written ? { id, arn, name, content: wanted.content, outcome: 'UPDATED' } : undefined;
}

/** Whether somebody has saved a change without publishing it: ours would take its place without a word. */
async function hasDraft(calls: ConnectCalls, { id, content }: FoundFlow): Promise<boolean> {
  const saved = await describeSaved(calls, id);
  return saved !== undefined && contentHash(saved.content) !== contentHash(content);
}

/** Connect may show what was written with a delay; how long is not documented, so it is asked again after these times. */
const SHOWN_AFTER_MS = [1_000, 2_000, 4_000];

/**
 * Keeps the hash of what Connect has now, so that a change by hand is seen.
 *
 * @param before what the flow held until now: shown still, it is not what was written
 * @returns false when the flow is gone
 */
async function settle(
  calls: ConnectCalls,
  { id, arn }: { id: string; arn: string },
  { content }: WantedFlow,
  before?: string,
): Promise<boolean> {
  const stale = before === undefined ? undefined : contentHash(before);
  const source = contentHash(content);
  const isShown = (flow: FoundFlow | undefined) =>
    flow !== undefined && (stale === source || contentHash(flow.content) !== stale);
  let flow = await describeFlow(calls, id);
  for (const pause of SHOWN_AFTER_MS) {
    if (isShown(flow)) break;
    await calls.wait(pause);
    flow = await describeFlow(calls, id);
  }
  if (!flow) return false;
  return tagFlow(calls, arn, {
    [TAGS.id]: id,
    [TAGS.source]: source,
    [TAGS.content]: contentHash(flow.content),
  });
}

async function lookAgain(calls: ConnectCalls, wanted: WantedFlow): Promise<FoundFlow | undefined> {
  const { own, taken } = await findFlows(calls, wanted.stackName);
  refuseTakenNames(taken.filter((name) => name.toLowerCase() === titleOf(wanted).toLowerCase()));
  return own.get(wanted.shipped.name);
}

function titleOf({ stackName, shipped }: WantedFlow): string {
  return formatFlowName(stackName, shipped.name);
}
