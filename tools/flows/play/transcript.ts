/** An event of a call, `at` milliseconds after its start. */
export type CallEvent = { at: number } & (
  | { type: 'flow'; flow: string; flowType: string }
  | { type: 'said'; text: string; question?: true; interrupted?: true; repeated?: true }
  | { type: 'keyed'; keys: string; outcome: KeyedOutcome; unused?: string }
  | LambdaEvent
  | { type: 'checked'; metric: string; of: string; value: number }
  | { type: 'waits'; for: 'queue' | 'agent'; name: string }
  | { type: 'error'; action: string; errorType: string; why: string }
);

/** The result of a question: the choice of a menu, a stored input, or a timeout. */
export type KeyedOutcome = 'choice' | 'stored' | 'timeout';

export interface LambdaEvent {
  type: 'lambda';
  /** The function's name. */
  function: string;
  parameters: Record<string, string>;
  durationMs: number;
  /** The number of attempts. */
  attempts: number;
  outcome: 'answered' | 'failed';
  answer?: Record<string, unknown>;
  /** The reason why the flow takes its error branch. */
  why?: string;
}

/** The end of a call. */
export type CallEnd =
  /** An agent answered the call in the agent queue. */
  | { kind: 'agent'; name: string; id: string; waitedSeconds: number }
  /** In a queue: an agent answered, or the caller still waits. */
  | { kind: 'queue'; name: string; id: string; answered: boolean; waitedSeconds: number }
  /** The caller still waits in an agent queue. */
  | { kind: 'agent-queue'; name: string; id: string; waitedSeconds: number }
  /** The flow hung up after this message. */
  | { kind: 'goodbye'; text: string }
  /** The flow hung up in silence. */
  | { kind: 'cut-off'; why: string }
  /** The caller hung up. */
  | { kind: 'hang-up'; during: string }
  /** The flow is invalid. */
  | { kind: 'error'; message: string };

/** An action that the call ran. */
export interface Step {
  flow: string;
  action: string;
  type: string;
}

/** A complete call. */
export interface Transcript {
  from: string;
  to: string;
  channel: string;
  contactId: string;
  events: CallEvent[];
  /** The actions in the order in which they ran. */
  path: Step[];
  end: CallEnd;
  /** The entries of keys that no question has read. */
  unusedKeys: string[];
  /** The contact's attributes at the end. */
  attributes: Record<string, string>;
  /** The duration of the call, mainly estimated. */
  durationMs: number;
}

/** All prompts, in order. */
export function spokenTexts(transcript: Transcript): string[] {
  return transcript.events.flatMap((event) => (event.type === 'said' ? [event.text] : []));
}
