/** One thing that happened in a call, `at` so many milliseconds after its beginning. */
export type CallEvent = { at: number } & (
  | { type: 'flow'; flow: string; flowType: string }
  | { type: 'said'; text: string; question?: true; interrupted?: true; repeated?: true }
  | { type: 'keyed'; keys: string; outcome: KeyedOutcome; unused?: string }
  | LambdaEvent
  | { type: 'checked'; metric: string; of: string; value: number }
  | { type: 'waits'; for: 'queue' | 'agent'; name: string }
  | { type: 'error'; action: string; errorType: string; why: string }
);

/** What became of the keys: a choice of a menu, an input that is stored, or nothing in time. */
export type KeyedOutcome = 'choice' | 'stored' | 'timeout';

export interface LambdaEvent {
  type: 'lambda';
  /** The function's name. */
  function: string;
  parameters: Record<string, string>;
  durationMs: number;
  /** How often Connect asked. */
  attempts: number;
  outcome: 'answered' | 'failed';
  answer?: Record<string, unknown>;
  /** Why the flow takes its error branch. */
  why?: string;
}

/** Where a call ends. */
export type CallEnd =
  /** An agent took the call from their own queue. */
  | { kind: 'agent'; name: string; id: string; waitedSeconds: number }
  /** In a queue: an agent answered, or the caller still waits. */
  | { kind: 'queue'; name: string; id: string; answered: boolean; waitedSeconds: number }
  /** Still in an agent's own queue, without an answer. */
  | { kind: 'agent-queue'; name: string; id: string; waitedSeconds: number }
  /** The flow hung up after these words. */
  | { kind: 'goodbye'; text: string }
  /** The flow hung up without a word since the caller did something. */
  | { kind: 'cut-off'; why: string }
  /** The caller hung up. */
  | { kind: 'hang-up'; during: string }
  /** The flow is wrong. */
  | { kind: 'error'; message: string };

/** An action that the player ran. */
export interface Step {
  flow: string;
  action: string;
  type: string;
}

/** A whole call. */
export interface Transcript {
  from: string;
  to: string;
  channel: string;
  contactId: string;
  events: CallEvent[];
  /** The actions in the order in which they ran. */
  path: Step[];
  end: CallEnd;
  /** Entries of keys that no question asked for. */
  unusedKeys: string[];
  /** The contact's attributes at the end. */
  attributes: Record<string, string>;
  /** How long the call took, most of it estimated. */
  durationMs: number;
}

/** Everything that was said, in order. */
export function spokenTexts(transcript: Transcript): string[] {
  return transcript.events.flatMap((event) => (event.type === 'said' ? [event.text] : []));
}
