import { ANSWER_KEYS, ANSWER_STATUSES, type FlowAction, FUNCTION_PARAMETERS } from '@switchboard/core/flows';
import { type AnalyzedFlow, createReporter, type Finding } from '#tools/flows/check/finding.ts';
import { referencesIn } from '#tools/flows/check/parameter-values.ts';
import { type FlowEdge, MAY_ANALYSIS, propagate } from '#tools/flows/model/graph.ts';

/** No Lambda function has responded: the call has not reached one, or the last one failed. */
const NO_FUNCTION = 'none';
/** A function that the checker does not know. Only the action that invokes it reports this. */
const UNKNOWN = '';

/**
 * On every path, the last Lambda function returns each `$.External` key that an action reads. Statuses are compared
 * only with those that the function returns, and the function reads each parameter that it receives.
 */
export function checkAnswers(subject: AnalyzedFlow): Finding[] {
  const { graph } = subject;
  const report = createReporter(subject, 'answers');
  const answered = propagate(graph, new Set([NO_FUNCTION]) as ReadonlySet<string>, {
    ...MAY_ANALYSIS,
    after,
  });
  return [...graph.actions.values()].flatMap((action) => {
    const last = [...(answered.get(action.Identifier) ?? [])];
    return [
      ...[...unknownLambda(action), ...unreadParameters(action), ...unknownStatuses(action, last)].map(
        (message) => report(message, action),
      ),
      ...referencesIn(action.Parameters)
        .filter(({ namespace }) => namespace === 'External')
        .flatMap(({ key }) =>
          last
            .filter((lambda) => lambda !== UNKNOWN && !answersWith(lambda, key))
            .map((lambda) => report(`It reads $.External.${key}, but ${whyNot(lambda)}.`, action)),
        ),
    ];
  });
}

function after(action: FlowAction, { by }: FlowEdge, state: ReadonlySet<string>): ReadonlySet<string> {
  if (action.Type !== 'InvokeLambdaFunction') return state;
  return new Set([by === 'next' ? lambdaOf(action) : NO_FUNCTION]);
}

/** `${CallerLookupFunctionArn}` is CallerLookupFunctionArn. */
function lambdaOf({ Parameters }: FlowAction): string {
  return /^\$\{(\w+)\}$/.exec(String(Parameters.LambdaFunctionARN))?.[1] ?? UNKNOWN;
}

function whyNot(lambda: string): string {
  return lambda === NO_FUNCTION
    ? 'no function has responded, or the last one failed. Read it only after the function succeeds'
    : `${lambda} returns no such key. Read a key that it returns`;
}

function unknownLambda(action: FlowAction): string[] {
  if (action.Type !== 'InvokeLambdaFunction' || Object.hasOwn(ANSWER_KEYS, lambdaOf(action))) return [];
  return [`The checker does not know this function. Invoke one of ${Object.keys(ANSWER_KEYS).join(', ')}.`];
}

const KEYS = new Map<string, readonly string[]>(Object.entries(ANSWER_KEYS));

function answersWith(lambda: string, key: string): boolean {
  return (KEYS.get(lambda) ?? []).some((known) =>
    known.endsWith('*') ? key.startsWith(known.slice(0, -1)) && key.length >= known.length : known === key,
  );
}

const PARAMETERS = new Map<string, readonly string[]>(Object.entries(FUNCTION_PARAMETERS));
const STATUSES = new Map<string, readonly string[]>(Object.entries(ANSWER_STATUSES));

/** A function ignores a misspelled parameter. Without digits, extension-transfer looks up the called number. */
function unreadParameters(action: FlowAction): string[] {
  const read = action.Type === 'InvokeLambdaFunction' ? PARAMETERS.get(lambdaOf(action)) : undefined;
  const given = action.Parameters.LambdaInvocationAttributes;
  if (read === undefined || typeof given !== 'object') return [];
  return Object.keys(given)
    .filter((name) => !read.includes(name))
    .map((name) => `The function reads no parameter ${name}. Pass only ${read.join(', ')}.`);
}

function unknownStatuses({ Parameters, Transitions }: FlowAction, last: readonly string[]): string[] {
  const statuses = last.flatMap((lambda) => STATUSES.get(lambda) ?? []);
  if (Parameters.ComparisonValue !== '$.External.status' || statuses.length === 0) return [];
  return (Transitions.Conditions ?? [])
    .filter(
      ({ Condition: { Operator, Operands } }) =>
        Operator === 'Equals' && !statuses.includes(Operands[0] ?? ''),
    )
    .map(
      ({ Condition }) =>
        `The function never returns the status ${Condition.Operands[0]}. Use ${statuses.join(', ')}.`,
    );
}
