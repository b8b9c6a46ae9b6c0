import { FlowError } from '#tools/flows/player/flow/error.ts';
import type { Place } from '#tools/flows/player/instance-state.ts';
import { failed, type Outcome, type Played } from './action.ts';
import { placeOf } from './places.ts';

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
