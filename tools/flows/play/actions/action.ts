import type { Call } from '#tools/flows/play/call.ts';
import { FlowError, type PlayableAction, type PlayableFlow } from '#tools/flows/play/flow/playable-flow.ts';
import { resolveText, resolveValue } from '#tools/flows/play/flow/references.ts';
import type { Destination } from '#tools/flows/play/instance-state.ts';
import type { CallEnd } from '#tools/flows/play/transcript.ts';
import { objectAt, textAt } from '#tools/json.ts';

/** How an action ends. */
export type ActionOutcome =
  /** Goes on with NextAction. */
  | { kind: 'done' }
  /** Goes on with the first condition that the value meets. */
  | { kind: 'result'; value: string | undefined }
  /** Goes on with the branch of the error, or of NoMatchingError. */
  | { kind: 'failed'; errorType: string; why: string }
  | { kind: 'flow'; flow: string }
  | { kind: 'queued'; place: Destination }
  | { kind: 'flow-ended' }
  | { kind: 'end'; end: CallEnd };

/** The action being context, its flow, and the call. */
export interface ActionContext {
  call: Call;
  flow: PlayableFlow;
  action: PlayableAction;
  /** How often each Loop of this flow went round. */
  loops: Map<string, number>;
}

export type ActionHandler = (context: ActionContext) => ActionOutcome | Promise<ActionOutcome>;

export const DONE: ActionOutcome = { kind: 'done' };

export function failed(why: string, errorType = 'NoMatchingError'): ActionOutcome {
  return { kind: 'failed', errorType, why };
}

/** A parameter with its references replaced; undefined when it is not given or its reference has no value. */
export function parameter({ call, action }: ActionContext, name: string): string | undefined {
  const written = textAt(action.parameters, name);
  return written === undefined ? undefined : resolveValue(written, call.data());
}

/** The values of an object such as Attributes; keys and values may hold references. */
export function parametersAt(
  { call, action }: ActionContext,
  name: string,
): Record<string, string | undefined> {
  const data = call.data();
  const entries = Object.entries(objectAt(action.parameters, name));
  return Object.fromEntries(
    entries.map(([key, value]) => {
      if (typeof value !== 'string')
        throw new FlowError(`${name}.${key} is not a text, as every parameter is.`);
      return [resolveText(key, data), resolveValue(value, data)];
    }),
  );
}

/**
 * A whole number that stands in the flow as a text.
 *
 * @throws {FlowError} when it is missing or outside of its limits
 */
export function wholeNumber(value: string | undefined, name: string, least: number, most: number): number {
  if (value !== undefined && /^\d+$/.test(value) && Number(value) >= least && Number(value) <= most) {
    return Number(value);
  }
  throw new FlowError(`${name} is a whole number from ${least} to ${most}, written as a text.`);
}
