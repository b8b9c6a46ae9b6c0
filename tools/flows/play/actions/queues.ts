import { FlowError } from '#tools/flows/play/flow/playable-flow.ts';
import type { Destination } from '#tools/flows/play/instance-state.ts';
import { type ActionContext, type ActionOutcome, failed, parameter } from './action.ts';

export function transferToQueue({ call }: ActionContext): ActionOutcome {
  const { target } = call.contact;
  return target ? enterQueue(target) : failed('no queue is set');
}

/** The time during which Connect offers a call to an agent and does not move it to another queue. */
const OFFER_MS = 20_000;

export async function dequeueAndTransfer(context: ActionContext): Promise<ActionOutcome> {
  const place = await resolveDestination(context, () => {
    throw new FlowError('The action names no queue. Set QueueId or AgentId.');
  });
  if (!place) return failed('the queue or agent does not exist');
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
 * Resolves the queue that an action names with QueueId or AgentId.
 *
 * @param otherwise provides the queue if the action names none
 * @returns undefined if the queue or agent does not exist
 */
export async function resolveDestination(
  context: ActionContext,
  otherwise: () => Destination | undefined,
): Promise<Destination | undefined> {
  const { action, call } = context;
  const names = ['QueueId', 'AgentId'].filter((name) => action.parameters[name] !== undefined);
  if (names.length === 0) return otherwise();
  if (names.length > 1)
    throw new FlowError('The action names a queue and an agent. Set QueueId or AgentId, not both.');
  const reference = parameter(context, names[0] ?? '');
  if (!reference) return undefined;
  return names[0] === 'AgentId'
    ? call.options.instance.agent(reference)
    : call.options.instance.queue(reference);
}
