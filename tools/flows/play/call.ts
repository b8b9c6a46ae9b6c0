import { randomUUID } from 'node:crypto';
import type { FlowData } from './flow/references.ts';
import type { CallInstance, Destination } from './instance-state.ts';
import type { KeyEntry } from './keys.ts';
import type { LambdaInvoker } from './lambda/invoker.ts';
import type { Prompt } from './prompt.ts';
import type { CallEvent, Step } from './transcript.ts';

export interface CallOptions {
  instance: CallInstance;
  /** How its flows invoke functions. */
  invoke: LambdaInvoker;
  /** The id or the ARN of the flow that answers. */
  flow: string;
  /** The caller's number in E.164; undefined when it is withheld. */
  from: string | undefined;
  /** The number that is called, in E.164. */
  to: string;
  /** The keys that the caller presses, one entry for each question. Without an entry the caller presses none. */
  keys?: KeyEntry[];
  channel?: 'VOICE' | 'CHAT';
  /** Attributes that a previous flow or the start of the chat has set. */
  attributes?: Record<string, string>;
  /** The caller hangs up this long after the start. */
  hangUpAfterSeconds?: number;
  /** How long the caller waits in a queue before the play ends there. */
  maxWaitSeconds?: number;
  /** The maximum number of actions of a call. */
  maxActions?: number;
  newId?: () => string;
}

/** An event outside of the flow that ends the wait or the call. */
export type Interruption = 'hang-up' | 'answered' | 'max-wait';

/** The state of the contact, which flows change. */
export interface Contact {
  id: string;
  initialId: string;
  previousId: string;
  channel: 'VOICE' | 'CHAT';
  from: string | undefined;
  to: string;
  languageCode: string;
  name: string | undefined;
  description: string | undefined;
  customerId: string | undefined;
  voice: string | undefined;
  attributes: Record<string, string>;
  target: Destination | undefined;
  /** The flows of contact events, `CustomerQueue` for example, by ARN. */
  hooks: Record<string, string>;
}

/** One call. Its clock is simulated. */
export interface Call {
  options: CallOptions;
  contact: Contact;
  external: Record<string, unknown>;
  storedInput: string | undefined;
  /** The run time of functions since the last prompt. */
  lambdaMsSincePrompt: number;
  /** The last message, unless another prompt or a question followed. */
  lastMessage: string | undefined;
  /** The queue in which the caller waits, and the start of the wait. */
  waiting: { place: Destination; since: number } | undefined;
  events: CallEvent[];
  path: Step[];
  /** Milliseconds since the start. */
  now(): number;
  /** Advances the clock up to the next interruption. Returns false if the call is interrupted. */
  advance(milliseconds: number): boolean;
  /** The interruption of the call. */
  interruption(): Interruption | undefined;
  /** Sets when an interruption happens; undefined: never. */
  scheduleInterruption(kind: Interruption, seconds: number | undefined): void;
  record(event: WithoutTime<CallEvent>): void;
  /** Plays a prompt. Returns false if the call is interrupted. */
  say(prompt: Prompt): boolean;
  /** The caller's answer to the next question. */
  nextKeys(): KeyEntry | undefined;
  unusedKeys(): string[];
  /** The data that references read. */
  data(): FlowData;
}

export type WithoutTime<Event> = Event extends unknown ? Omit<Event, 'at'> : never;

export function createCall(options: CallOptions): Call {
  const id = (options.newId ?? randomUUID)();
  const keys = [...(options.keys ?? [])];
  const interruptions = new Map<Interruption, number>();
  let now = 0;
  let interruption: Interruption | undefined;
  const call: Call = {
    options,
    contact: newContact(id, options),
    external: {},
    storedInput: undefined,
    lambdaMsSincePrompt: 0,
    lastMessage: undefined,
    waiting: undefined,
    events: [],
    path: [],
    now: () => now,
    advance(milliseconds) {
      if (interruption) return false;
      const [first] = [...interruptions].sort(([, a], [, b]) => a - b);
      if (first && first[1] <= now + milliseconds) {
        [interruption] = first;
        now = Math.max(now, first[1]);
        return false;
      }
      now += milliseconds;
      return true;
    },
    interruption: () => interruption,
    scheduleInterruption(kind, seconds) {
      if (seconds === undefined) interruptions.delete(kind);
      else interruptions.set(kind, now + seconds * 1_000);
    },
    record(event) {
      call.events.push({ at: Math.round(now), ...event } as CallEvent);
    },
    say({ text, lastsMs }) {
      call.record({ type: 'said', text });
      call.lastMessage = text;
      call.lambdaMsSincePrompt = 0;
      return call.advance(lastsMs);
    },
    nextKeys: () => keys.shift(),
    unusedKeys: () => keys.map(({ text }) => text),
    data: () => dataOf(call),
  };
  call.scheduleInterruption('hang-up', options.hangUpAfterSeconds);
  return call;
}

function newContact(id: string, { from, to, channel = 'VOICE', attributes = {} }: CallOptions): Contact {
  return {
    id,
    initialId: id,
    previousId: id,
    channel,
    from,
    to,
    languageCode: 'en-US',
    name: undefined,
    description: undefined,
    customerId: undefined,
    voice: undefined,
    attributes: { ...attributes },
    target: undefined,
    hooks: {},
  };
}

/** The supported namespaces of references. */
function dataOf({ contact, external, storedInput, options }: Call): FlowData {
  return {
    Attributes: contact.attributes,
    External: external,
    StoredCustomerInput: storedInput,
    CustomerEndpoint: customerEndpoint(contact),
    SystemEndpoint: { Address: contact.to, Type: 'TELEPHONE_NUMBER' },
    Channel: contact.channel,
    ContactId: contact.id,
    InitialContactId: contact.initialId,
    PreviousContactId: contact.previousId,
    CustomerId: contact.customerId,
    Name: contact.name,
    Description: contact.description,
    LanguageCode: contact.languageCode,
    TextToSpeechVoiceId: contact.voice,
    InstanceARN: options.instance.arn,
    Queue: contact.target && { Name: contact.target.name, ARN: contact.target.arn },
  };
}

/** Connect reports a withheld number as "anonymous". A chat has no number. */
export function customerEndpoint({ channel, from }: Contact): { Address: string; Type: string } | null {
  return channel === 'VOICE' ? { Address: from ?? 'anonymous', Type: 'TELEPHONE_NUMBER' } : null;
}
