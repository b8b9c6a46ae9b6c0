import { randomUUID } from 'node:crypto';
import { type Call, type CallOptions, createCall } from './call.ts';
import { FlowError } from './flow/playable-flow.ts';
import type { Destination } from './instance-state.ts';
import { ANSWERING_TYPES, type FlowResult, runFlow, WAITING_TYPES } from './run-flow.ts';
import type { CallEnd, Transcript } from './transcript.ts';

/** After so long it is clear how the waiting is. */
const DEFAULT_MAX_WAIT_SECONDS = 120;

/**
 * Plays a call from its first action to its end. A wrong flow is an end as well; what is thrown is an outage, such as
 * a Lambda endpoint that does not respond.
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

/** Waits in a queue, hearing the contact's customer queue flow. */
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
  // With its flow at an end the contact stays in the queue, and hears nothing more.
  if (result.kind === 'flow-ended') call.advance(Number.POSITIVE_INFINITY);
  return result;
}

/** From one queue to the next it is a new contact that follows the one before. */
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
