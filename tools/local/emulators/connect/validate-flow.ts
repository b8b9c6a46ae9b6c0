import { isObject, type JsonObject, objectAt, textAt } from '#tools/json.ts';

/** https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateContactFlow.html */
const MAX_CHARACTERS = 256_000;

/** The resources that a flow can refer to. */
export interface InstanceResources {
  hasLambda(arn: string): boolean;
  hasFlow(idOrArn: string): boolean;
  hasQueue(idOrArn: string): boolean;
}

/**
 * Validates a flow before it is published. Connect also validates the parameters of each action. This function finds what
 * breaks a deployment: invalid content, missing targets, and missing resources. It skips references that only a call can
 * resolve (`$.External.agentId`).
 */
export function validateFlow(content: string, published: InstanceResources): string[] {
  if (content.length > MAX_CHARACTERS) return [`The content is longer than ${MAX_CHARACTERS} characters.`];
  const flow = parse(content);
  if (!flow) return ['The content is not a JSON object.'];
  if (textAt(flow, 'Version') !== '2019-10-30') return ['Version is not 2019-10-30.'];
  const actions = Array.isArray(flow.Actions) ? flow.Actions.filter(isObject) : [];
  const names = new Set(actions.map((action) => textAt(action, 'Identifier')));
  const problems = names.has(textAt(flow, 'StartAction')) ? [] : ['StartAction is not an action.'];
  if (names.size < actions.length) problems.push('Two actions have the same Identifier.');
  for (const action of actions) problems.push(...problemsOf(action, names, published));
  return problems;
}

function parse(content: string): JsonObject | undefined {
  try {
    const flow: unknown = JSON.parse(content);
    return isObject(flow) ? flow : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function problemsOf(
  action: JsonObject,
  names: Set<string | undefined>,
  published: InstanceResources,
): string[] {
  const where = `The action ${textAt(action, 'Identifier')}`;
  const dangling = nextActions(objectAt(action, 'Transitions')).filter((name) => !names.has(name));
  return [
    ...dangling.map((name) => `${where} goes on to ${name}, which is not an action.`),
    ...missingResources(action, published).map((what) => `${where} names ${what}.`),
  ];
}

function nextActions(transitions: JsonObject): (string | undefined)[] {
  const branches = [transitions.Conditions, transitions.Errors].flatMap((list) =>
    Array.isArray(list) ? list.filter(isObject) : [],
  );
  const own = 'NextAction' in transitions ? [textAt(transitions, 'NextAction')] : [];
  return [...own, ...branches.map((branch) => textAt(branch, 'NextAction'))];
}

function missingResources(action: JsonObject, published: InstanceResources): string[] {
  const parameters = objectAt(action, 'Parameters');
  const lambda = textAt(parameters, 'LambdaFunctionARN');
  const flows = [textAt(parameters, 'ContactFlowId'), ...hooks(parameters)];
  return [
    ...(isMissing(lambda, published.hasLambda) ? ['a Lambda function that is not associated'] : []),
    ...(flows.some((flow) => isMissing(flow, published.hasFlow)) ? ['a flow that does not exist'] : []),
    ...(isMissing(textAt(parameters, 'QueueId'), published.hasQueue) ? ['a queue that does not exist'] : []),
  ];
}

function hooks(parameters: JsonObject): (string | undefined)[] {
  const own = objectAt(parameters, 'EventHooks');
  return Object.keys(own).map((hook) => textAt(own, hook));
}

function isMissing(name: string | undefined, has: (name: string) => boolean): boolean {
  return name !== undefined && !name.startsWith('$.') && !has(name);
}
