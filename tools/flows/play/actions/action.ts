import type { Call } from '#tools/flows/play/call.ts';
import { FlowError, type PlayableAction, type PlayableFlow } from '#tools/flows/play/flow/playable-flow.ts';
import { resolveText, resolveValue } from '#tools/flows/play/flow/references.ts';
import type { Destination } from '#tools/flows/play/instance-state.ts';
import type { CallEnd } from '#tools/flows/play/transcript.ts';
import { objectAt, textAt } from '#tools/json.ts';

/** The result of an action. */
export type ActionOutcome =
  /** Continue with NextAction. */
  | { kind: 'done' }
  /** Continue with the first condition that the value meets. */
  | { kind: 'result'; value: string | undefined }
  /** Continue with the branch of the error, or of NoMatchingError. */
  | { kind: 'failed'; errorType: string; why: string }
  | { kind: 'flow'; flow: string }
  | { kind: 'queued'; place: Destination }
  | { kind: 'flow-ended' }
  | { kind: 'end'; end: CallEnd };

/** The current action, its flow, and the call. */
export interface ActionContext {
  call: Call;
  flow: PlayableFlow;
  action: PlayableAction;
  /** The rounds of each Loop action of this flow. */
  loops: Map<string, number>;
}

export type ActionHandler = (context: ActionContext) => ActionOutcome | Promise<ActionOutcome>;

export const DONE: ActionOutcome = { kind: 'done' };

export function failed(why: string, errorType = 'NoMatchingError'): ActionOutcome {
  return { kind: 'failed', errorType, why };
}

/** A parameter with its references resolved; undefined if it is absent or its reference has no value. */
export function parameter({ call, action }: ActionContext, name: string): string | undefined {
  const written = textAt(action.parameters, name);
  return written === undefined ? undefined : resolveValue(written, call.data());
}

/** The entries of an object such as Attributes. Keys and values can contain references. */
export function parametersAt(
  { call, action }: ActionContext,
  name: string,
): Record<string, string | undefined> {
  const data = call.data();
  const entries = Object.entries(objectAt(action.parameters, name));
  return Object.fromEntries(
    entries.map(([key, value]) => {
      if (typeof value !== 'string') throw new FlowError(`${name}.${key} must be a string.`);
      return [resolveText(key, data), resolveValue(value, data)];
    }),
  );
}

/**
 * Parses a whole number that the flow holds as a string.
 *
 * @throws {FlowError} if it is missing or outside its limits
 */
export function wholeNumber(value: string | undefined, name: string, min: number, max: number): number {
  if (value !== undefined && /^\d+$/.test(value) && Number(value) >= min && Number(value) <= max) {
    return Number(value);
  }
  throw new FlowError(`${name} must be a whole number from ${min} to ${max}, written as a string.`);
}
