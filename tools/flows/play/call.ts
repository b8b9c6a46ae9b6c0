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
  /** What the caller keys, one entry for each question; with none left the caller keys nothing. */
  keys?: KeyEntry[];
  channel?: 'VOICE' | 'CHAT';
  /** What another flow has set before, or the one who started the chat. */
  attributes?: Record<string, string>;
  /** The caller hangs up so long after the beginning. */
  hangUpAfterSeconds?: number;
  /** How long the caller waits in a queue before the play ends there. */
  maxWaitSeconds?: number;
  /** More actions than this are an endless flow. */
  maxActions?: number;
  newId?: () => string;
}

/** What ends the waiting, or the call, from outside of the flow. */
export type Interruption = 'hang-up' | 'answered' | 'max-wait';

/** The contact, as Connect knows it and flows change it. */
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
  /** How long functions ran since the caller last heard anything. */
  lambdaMsSincePrompt: number;
  /** What the caller heard last, unless it was a question or something came after it. */
  lastMessage: string | undefined;
  /** Where the caller waits now, and since when. */
  waiting: { place: Destination; since: number } | undefined;
  events: CallEvent[];
  path: Step[];
  /** Milliseconds since the beginning. */
  now(): number;
  /** Lets time pass, up to what interrupts the call; false when something did. */
  advance(milliseconds: number): boolean;
  /** What interrupted it. */
  interruption(): Interruption | undefined;
  /** Says in how many seconds something interrupts; undefined: never. */
  scheduleInterruption(kind: Interruption, seconds: number | undefined): void;
  record(event: WithoutTime<CallEvent>): void;
  /** The caller hears a prompt; false when something interrupted it. */
  say(prompt: Prompt): boolean;
  /** The caller's answer to the next question. */
  nextKeys(): KeyEntry | undefined;
  unusedKeys(): string[];
  /** What references read. */
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

/** The names that a reference can begin with, as far as flows that are played here read them. */
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

/** A withheld number arrives as this word; a chat has no number at all. */
export function customerEndpoint({ channel, from }: Contact): { Address: string; Type: string } | null {
  return channel === 'VOICE' ? { Address: from ?? 'anonymous', Type: 'TELEPHONE_NUMBER' } : null;
}
