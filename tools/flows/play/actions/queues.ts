import { FlowError } from '#tools/flows/play/flow/playable-flow.ts';
import type { Destination } from '#tools/flows/play/instance-state.ts';
import { type ActionContext, type ActionOutcome, failed, parameter } from './action.ts';

export function transferToQueue({ call }: ActionContext): ActionOutcome {
  const { target } = call.contact;
  return target ? enterQueue(target) : failed('no queue was set before');
}

/** So long an offer to an agent stands, and the contact cannot be moved on. */
const OFFER_MS = 20_000;

export async function dequeueAndTransfer(context: ActionContext): Promise<ActionOutcome> {
  const place = await resolveDestination(context, () => {
    throw new FlowError('It names no queue: one of QueueId and AgentId is needed.');
  });
  if (!place) return failed('there is no such queue or agent');
  return isOffered(context) ? failed('the call is being offered to an agent') : enterQueue(place);
}

function isOffered({ call: { waiting, now } }: ActionContext): boolean {
  return waiting !== undefined && waiting.place.agents.available > 0 && now() - waiting.since < OFFER_MS;
}

function enterQueue(place: Destination): ActionOutcome {
  if (place.waiting < place.capacity) return { kind: 'queued', place };
  return failed(`the queue of ${place.name} is full`, 'QueueAtCapacity');
}

/**
 * The queue that an action names with QueueId or AgentId, of which it has at most one.
 *
 * @param otherwise when it names none
 * @returns undefined when there is no such queue or agent
 */
export async function resolveDestination(
  context: ActionContext,
  otherwise: () => Destination | undefined,
): Promise<Destination | undefined> {
  const { action, call } = context;
  const names = ['QueueId', 'AgentId'].filter((name) => action.parameters[name] !== undefined);
  if (names.length === 0) return otherwise();
  if (names.length > 1) throw new FlowError('It names a queue and an agent; there may be one of them.');
  const reference = parameter(context, names[0] ?? '');
  if (!reference) return undefined;
  return names[0] === 'AgentId'
    ? call.options.instance.agent(reference)
    : call.options.instance.queue(reference);
}
