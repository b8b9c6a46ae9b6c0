import type { Connect } from '#core/connect/connect.ts';
import {
  type ConnectFlow,
  createContactFlow,
  describeContactFlow,
  describeSavedContactFlow,
  updateContactFlow,
} from '#core/connect/contact-flows.ts';
import { FLOW_TAGS, tagResource } from '#core/connect/tags.ts';
import { formatFlowName, type ShippedFlow } from '#core/flows/index.ts';
import { UnavailableError } from '#core/platform/errors.ts';
import { poll } from '#core/platform/resilience/poll.ts';
import { hashFlowContent } from './flow-content.ts';
import { publishFlow } from './publish-flow.ts';
import { findStackFlows, rejectTakenNames } from './stack-flows.ts';

/** A flow as the stack needs it. */
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
  /** The name that it has in the instance: a person may have renamed it. */
  name: string;
  /** The content that it has now. */
  content: string;
  outcome: 'CREATED' | 'UPDATED' | 'UNCHANGED' | 'KEPT';
}

/** The value of the content tag while a run writes the flow, or after a run was stopped: no person changed the flow. */
const WRITING = 'writing';

/** Two runs can create and delete the same flow a few times, not forever. */
const MAX_ATTEMPTS = 4;

/**
 * Creates or updates one flow, and keeps a change that a person made. The next call continues after an interruption: the
 * tags come with the flow, and one of them says while a run writes it.
 *
 * @param existing the flow in the instance; undefined when there is none
 * @throws {UnavailableError} `FLOW_CONFLICT`
 */
export async function writeFlow(
  connect: Connect,
  wanted: WantedFlow,
  existing: ConnectFlow | undefined,
): Promise<WrittenFlow> {
  let flow = existing;
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const written = flow ? await updateFlow(connect, wanted, flow) : await createFlow(connect, wanted);
    if (written) return written;
    // Another process created a flow with this name, or deleted the flow.
    flow = await findFlowAgain(connect, wanted);
  }
  throw new UnavailableError(
    'FLOW_CONFLICT',
    `Another process keeps creating and deleting the flow "${titleOf(wanted)}". Stop it, and try again.`,
  );
}

/** @returns undefined when the name is taken or the flow is gone */
async function createFlow(connect: Connect, wanted: WantedFlow): Promise<WrittenFlow | undefined> {
  const { shipped, stackName, content } = wanted;
  const { type, description } = shipped;
  const name = titleOf(wanted);
  const tags = {
    [FLOW_TAGS.stack]: stackName,
    [FLOW_TAGS.flow]: shipped.name,
    [FLOW_TAGS.source]: hashFlowContent(content),
    [FLOW_TAGS.content]: WRITING,
  };
  const flow = await publishFlow(connect, name, () =>
    createContactFlow(connect, { name, type, description, content, tags }),
  );
  if (!flow || !(await recordContent(connect, flow, wanted))) return undefined;
  return { ...flow, name, content, outcome: 'CREATED' };
}

/** @returns undefined when the flow is gone */
async function updateFlow(
  connect: Connect,
  wanted: WantedFlow,
  flow: ConnectFlow,
): Promise<WrittenFlow | undefined> {
  const { id, arn, name, tags } = flow;
  const recorded = tags[FLOW_TAGS.content];
  const isUnchanged = recorded === hashFlowContent(flow.content);
  if (isUnchanged && tags[FLOW_TAGS.source] === hashFlowContent(wanted.content)) {
    return keepFlow(connect, flow, 'UNCHANGED');
  }
  const isChangedByHand = !isUnchanged && recorded !== WRITING;
  if (!wanted.overwrite && (isChangedByHand || (await hasUnpublishedChange(connect, flow)))) {
    return keepFlow(connect, flow, 'KEPT');
  }
  const isWritten =
    (await tagResource(connect, arn, { [FLOW_TAGS.content]: WRITING })) &&
    (await publishFlow(connect, name, () => updateContactFlow(connect, id, wanted.content))) &&
    (await recordContent(connect, flow, wanted, flow.content));
  return isWritten ? { id, arn, name, content: wanted.content, outcome: 'UPDATED' } : undefined;
}

async function keepFlow(
  connect: Connect,
  { id, arn, name, content, tags }: ConnectFlow,
  outcome: 'UNCHANGED' | 'KEPT',
): Promise<WrittenFlow> {
  // Earlier versions gave their flows no ID tag.
  if (tags[FLOW_TAGS.id] === undefined) await tagResource(connect, arn, { [FLOW_TAGS.id]: id });
  return { id, arn, name, content, outcome };
}

/** Whether a person has saved a change and not published it. An update would replace that change without notice. */
async function hasUnpublishedChange(connect: Connect, { id, content }: ConnectFlow): Promise<boolean> {
  const saved = await describeSavedContactFlow(connect, id);
  return saved !== undefined && hashFlowContent(saved.content) !== hashFlowContent(content);
}

/** Connect may show new content after a delay. How long it takes is not documented, so these waits are a guess. */
const CONTENT_WAITS_MS = [1_000, 2_000, 4_000];

/**
 * Records the hash of the content that Connect shows now. A later run detects a change by hand by comparing with it.
 *
 * @param before the previous content: while Connect shows it, the new content is not visible
 * @returns false when the flow is gone
 */
async function recordContent(
  connect: Connect,
  { id, arn }: { id: string; arn: string },
  { content }: WantedFlow,
  before?: string,
): Promise<boolean> {
  const previous = before === undefined ? undefined : hashFlowContent(before);
  const source = hashFlowContent(content);
  const isVisible = (flow: ConnectFlow | undefined) =>
    flow !== undefined && (previous === source || hashFlowContent(flow.content) !== previous);
  const flow = await poll(() => describeContactFlow(connect, id), isVisible, CONTENT_WAITS_MS, connect.wait);
  if (!flow) return false;
  return tagResource(connect, arn, {
    [FLOW_TAGS.id]: id,
    [FLOW_TAGS.source]: source,
    [FLOW_TAGS.content]: hashFlowContent(flow.content),
  });
}

async function findFlowAgain(connect: Connect, wanted: WantedFlow): Promise<ConnectFlow | undefined> {
  const { current, takenNames } = await findStackFlows(connect, wanted.stackName);
  rejectTakenNames(takenNames.filter((name) => name.toLowerCase() === titleOf(wanted).toLowerCase()));
  return current.get(wanted.shipped.name);
}

function titleOf({ stackName, shipped }: WantedFlow): string {
  return formatFlowName(stackName, shipped.name);
}
