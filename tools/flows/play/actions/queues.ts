import { FlowError } from '#tools/flows/play/flow/playable-flow.ts';
import type { Place } from '#tools/flows/play/instance-state.ts';
import { failed, type Outcome, type Played, parameter } from './action.ts';

export function transferToQueue({ call }: Played): Outcome {
  const { target } = call.contact;
  return target ? enter(target) : failed('no queue was set before');
}

/** So long an offer to an agent stands, and the contact cannot be moved on. */
const OFFER_MS = 20_000;

export async function dequeueAndTransfer(played: Played): Promise<Outcome> {
  const place = await placeOf(played, () => {
    throw new FlowError('It names no queue: one of QueueId and AgentId is needed.');
  });
  if (!place) return failed('there is no such queue or agent');
  return isOffered(played) ? failed('the call is being offered to an agent') : enter(place);
}

function isOffered({ call: { waiting, now } }: Played): boolean {
  return waiting !== undefined && waiting.place.agents.available > 0 && now() - waiting.since < OFFER_MS;
}

function enter(place: Place): Outcome {
  if (place.waiting < place.capacity) return { kind: 'queued', place };
  return failed(`the queue of ${place.name} is full`, 'QueueAtCapacity');
}

/**
 * The queue that an action names with QueueId or AgentId, of which it has at most one.
 *
 * @param otherwise when it names none
 * @returns undefined when there is no such queue or agent
 */
export async function placeOf(
  played: Played,
  otherwise: () => Place | undefined,
): Promise<Place | undefined> {
  const { action, call } = played;
  const names = ['QueueId', 'AgentId'].filter((name) => action.parameters[name] !== undefined);
  if (names.length === 0) return otherwise();
  if (names.length > 1) throw new FlowError('It names a queue and an agent; there may be one of them.');
  const reference = parameter(played, names[0] ?? '');
  if (!reference) return undefined;
  return names[0] === 'AgentId'
    ? call.options.instance.agent(reference)
    : call.options.instance.queue(reference);
}
