import { FLOW_LIMITS } from '#tools/flows/model/action-model.ts';
import { isObject, type JsonObject, objectAt, textAt } from '#tools/json.ts';

/** A flow of the instance. */
export interface InstalledFlow {
  arn: string;
  name: string;
  /** `CONTACT_FLOW`, `CUSTOMER_QUEUE` … as CreateContactFlow takes it. */
  type: string;
  /** Flow-language JSON. */
  content: string;
}

export interface Condition {
  operator: string;
  operands: string[];
}

export interface PlayableAction {
  id: string;
  type: string;
  parameters: JsonObject;
  next: string | undefined;
  conditions: { next: string; condition: Condition }[];
  /** The target of each type of error. */
  errors: ReadonlyMap<string, string>;
}

/** A flow that the player has parsed: its actions by their identifiers. */
export interface PlayableFlow {
  arn: string;
  name: string;
  type: string;
  start: string;
  actions: ReadonlyMap<string, PlayableAction>;
}

/**
 * Reads the content of a flow.
 *
 * @throws {FlowError} if it is not a flow. The player reports faults inside an action when it plays the action.
 */
export function readFlow({ arn, name, type, content }: InstalledFlow): PlayableFlow {
  const flow = parse(name, content);
  if (flow.Version !== FLOW_LIMITS.version)
    throw new FlowError(`The Version of the flow "${name}" must be ${FLOW_LIMITS.version}.`);
  const actions = new Map(list(flow.Actions).map((action) => readAction(name, action)));
  return { arn, name, type, start: textAt(flow, 'StartAction') ?? '', actions };
}

function parse(name: string, content: string): JsonObject {
  try {
    const flow: unknown = JSON.parse(content);
    if (isObject(flow)) return flow;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new FlowError(`The content of the flow "${name}" is not a JSON object.`);
}

function readAction(flow: string, action: JsonObject): [string, PlayableAction] {
  const id = textAt(action, 'Identifier');
  const type = textAt(action, 'Type');
  if (!id || !type) throw new FlowError(`The flow "${flow}" has an action without Identifier or Type.`);
  const transitions = objectAt(action, 'Transitions');
  const conditions = list(transitions.Conditions).map((entry) => ({
    next: textAt(entry, 'NextAction') ?? '',
    condition: readCondition(objectAt(entry, 'Condition')),
  }));
  const errors = list(transitions.Errors).map(
    (entry) => [textAt(entry, 'ErrorType') ?? '', textAt(entry, 'NextAction') ?? ''] as const,
  );
  const parameters = objectAt(action, 'Parameters');
  return [
    id,
    { id, type, parameters, next: textAt(transitions, 'NextAction'), conditions, errors: new Map(errors) },
  ];
}

function readCondition(condition: JsonObject): Condition {
  const operands = Array.isArray(condition.Operands) ? condition.Operands.map(String) : [];
  return { operator: textAt(condition, 'Operator') ?? '', operands };
}

function list(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/**
 * The flow is invalid. It ends the call. The message says what to fix and contains no data of the caller.
 */
export class FlowError extends Error {
  override readonly name = 'FlowError';
}
