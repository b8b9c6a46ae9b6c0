import { type ActionOutcome, findHandler } from './actions/registry.ts';
import type { Call } from './call.ts';
import { matchesCondition } from './flow/conditions.ts';
import { FlowError, type PlayableAction, type PlayableFlow, readFlow } from './flow/playable-flow.ts';
import type { Destination } from './instance-state.ts';
import type { CallEnd } from './transcript.ts';

/** The default maximum number of actions of a call. */
const MAX_ACTIONS = 1_000;

/** How a flow ends. */
export type FlowResult =
  | { kind: 'queued'; place: Destination }
  | { kind: 'flow-ended' }
  | { kind: 'end'; end: CallEnd }
  /** An agent answered, or the caller hung up. */
  | { kind: 'interrupted' };

/** The flow types that can answer a call or be the target of a transfer. */
export const ANSWERING_TYPES = ['CONTACT_FLOW', 'QUEUE_TRANSFER', 'AGENT_TRANSFER'];
/** The flow type for waiting callers. */
export const WAITING_TYPES = ['CUSTOMER_QUEUE'];

/**
 * Plays a flow, and the flows that it transfers to.
 *
 * @param types the allowed flow types
 * @throws {FlowError} if a flow is invalid; names the flow and the action
 */
export async function runFlow(call: Call, reference: string, types: string[]): Promise<FlowResult> {
  for (let next = reference; ; ) {
    const result = await playFlow(call, await openFlow(call, next, types));
    if (result.kind !== 'flow') return result;
    next = result.flow;
  }
}

async function openFlow(call: Call, reference: string, types: string[]): Promise<PlayableFlow> {
  const installed = await call.options.instance.flow(reference);
  if (!installed) throw new FlowError('The flow does not exist in the instance.');
  const flow = readFlow(installed);
  if (!types.includes(flow.type)) {
    throw new FlowError(
      `The flow "${flow.name}" has the type ${flow.type}. Use a flow of type ${types.join(' or ')}.`,
    );
  }
  call.record({ type: 'flow', flow: flow.name, flowType: flow.type });
  return flow;
}

async function playFlow(
  call: Call,
  flow: PlayableFlow,
): Promise<FlowResult | { kind: 'flow'; flow: string }> {
  const loops = new Map<string, number>();
  for (let id = flow.start; ; ) {
    const action = actionOf(flow, id);
    try {
      recordStep(call, flow, action);
      const outcome = await findHandler(action.type, flow.type)({ call, flow, action, loops });
      if (call.interruption()) return { kind: 'interrupted' };
      if (leavesFlow(outcome)) return outcome;
      id = nextOf(call, action, outcome);
    } catch (error) {
      if (error instanceof FlowError)
        throw new FlowError(`Flow "${flow.name}", action "${id}": ${error.message}`);
      throw error;
    }
  }
}

function actionOf({ name, actions }: PlayableFlow, id: string): PlayableAction {
  const action = actions.get(id);
  if (!action) throw new FlowError(`Flow "${name}": An action leads to "${id}", which does not exist.`);
  return action;
}

function recordStep(call: Call, flow: PlayableFlow, action: PlayableAction): void {
  const { maxActions = MAX_ACTIONS } = call.options;
  if (call.path.length >= maxActions) {
    throw new FlowError(`The flow does not end after ${maxActions} actions. Remove the endless cycle.`);
  }
  call.path.push({ flow: flow.name, action: action.id, type: action.type });
}

type Leaving = Exclude<ActionOutcome, Ongoing>;

function leavesFlow(outcome: ActionOutcome): outcome is Leaving {
  return outcome.kind !== 'done' && outcome.kind !== 'result' && outcome.kind !== 'failed';
}

type Ongoing = Extract<ActionOutcome, { kind: 'done' | 'result' | 'failed' }>;

/** Returns the identifier of the next action. */
function nextOf(call: Call, action: PlayableAction, outcome: Ongoing): string {
  switch (outcome.kind) {
    case 'done':
      return required(action.next, 'It has no NextAction.');
    case 'result':
      return conditionOf(action, outcome.value);
    case 'failed': {
      const { errorType, why } = outcome;
      call.record({ type: 'error', action: action.id, errorType, why });
      const next = action.errors.get(errorType) ?? action.errors.get('NoMatchingError');
      return required(next, `The action has no branch for ${errorType} (${why}). Add one.`);
    }
  }
}

/** Without a matching condition, a call takes the branch of NoMatchingCondition, or NextAction if there is none. */
function conditionOf(action: PlayableAction, value: string | undefined): string {
  const met = action.conditions.find(
    ({ condition }) => value !== undefined && matchesCondition(value, condition),
  );
  const next = met?.next ?? action.errors.get('NoMatchingCondition') ?? action.next;
  return required(
    next,
    'No condition is met, and it has neither a branch for NoMatchingCondition nor a NextAction.',
  );
}

function required(next: string | undefined, otherwise: string): string {
  if (next === undefined || next === '') throw new FlowError(otherwise);
  return next;
}
