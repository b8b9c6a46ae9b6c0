import { randomUUID } from 'node:crypto';
import { type Call, type CallOptions, createCall } from './call.ts';
import { FlowError } from './flow/playable-flow.ts';
import type { Destination } from './instance-state.ts';
import { ANSWERING_TYPES, type FlowResult, runFlow, WAITING_TYPES } from './run-flow.ts';
import type { CallEnd, Transcript } from './transcript.ts';

/** The default maximum wait in a queue. */
const DEFAULT_MAX_WAIT_SECONDS = 120;

/**
 * Plays a call from its first action to its end. An invalid flow also ends the call.
 *
 * @throws if a service is not available, such as a Lambda endpoint that does not respond
 */
export async function playCall(options: CallOptions): Promise<Transcript> {
  const call = createCall(options);
  const end = await play(call);
  return {
    from: options.from ?? 'anonymous',
    to: options.to,
    channel: call.contact.channel,
    contactId: call.contact.initialId,
    events: call.events,
    path: call.path,
    end,
    unusedKeys: call.unusedKeys(),
    attributes: call.contact.attributes,
    durationMs: Math.round(call.now()),
  };
}

async function play(call: Call): Promise<CallEnd> {
  try {
    let result = await runFlow(call, call.options.flow, ANSWERING_TYPES);
    while (result.kind === 'queued') result = await wait(call, result.place);
    if (result.kind === 'end') return result.end;
    return call.waiting ? endOfWaiting(call, call.waiting) : endWithoutQueue(call);
  } catch (error) {
    if (error instanceof FlowError) return { kind: 'error', message: error.message };
    throw error;
  }
}

/** Waits in a queue while the customer queue flow of the contact plays. */
async function wait(call: Call, place: Destination): Promise<FlowResult> {
  const { maxWaitSeconds = DEFAULT_MAX_WAIT_SECONDS } = call.options;
  if (call.waiting) beginSegment(call);
  call.waiting = { place, since: call.now() };
  call.lastMessage = undefined;
  call.contact.target = place;
  call.record({ type: 'waits', for: place.kind, name: place.name });
  call.scheduleInterruption('max-wait', maxWaitSeconds);
  call.scheduleInterruption('answered', place.answeredAfterSeconds);
  const { CustomerQueue } = call.contact.hooks;
  const result: FlowResult = CustomerQueue
    ? await runFlow(call, CustomerQueue, WAITING_TYPES)
    : { kind: 'flow-ended' };
  // After the flow ends, the contact stays in the queue in silence.
  if (result.kind === 'flow-ended') call.advance(Number.POSITIVE_INFINITY);
  return result;
}

/** Connect creates a new contact for each transfer between queues. */
function beginSegment({ contact, options }: Call): void {
  contact.previousId = contact.id;
  contact.id = (options.newId ?? randomUUID)();
}

function endOfWaiting(call: Call, { place, since }: { place: Destination; since: number }): CallEnd {
  const { id, name } = place;
  const interruption = call.interruption();
  const waitedSeconds = Math.round((call.now() - since) / 1_000);
  if (interruption === 'hang-up') return { kind: 'hang-up', during: `waiting for ${name}` };
  const answered = interruption === 'answered';
  if (place.kind === 'queue') return { kind: 'queue', id, name, answered, waitedSeconds };
  return { kind: answered ? 'agent' : 'agent-queue', id, name, waitedSeconds };
}

function endWithoutQueue(call: Call): CallEnd {
  if (call.interruption() === 'hang-up') return { kind: 'hang-up', during: call.path.at(-1)?.flow ?? '' };
  return { kind: 'cut-off', why: 'the flow ended before the caller was in a queue' };
}
