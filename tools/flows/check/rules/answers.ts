import { ANSWER_KEYS, ANSWER_STATUSES, type FlowAction, FUNCTION_PARAMETERS } from '@switchboard/core/flows';
import { type AnalyzedFlow, createReporter, type Finding } from '#tools/flows/check/finding.ts';
import { referencesIn } from '#tools/flows/check/parameter-values.ts';
import { type FlowEdge, MAY_ANALYSIS, propagate } from '#tools/flows/model/graph.ts';

/** What stands for "no Lambda has answered": the call has come to none yet, or the last one failed. */
const NO_FUNCTION = 'none';
/** A function that the checker does not know. The action that invokes it reports this. */
const UNKNOWN = '';

/**
 * Every `$.External` key that is read is one that the last Lambda before it answers, on whichever way the call came; a
 * status is compared with those that there are, and each parameter is one that the function reads.
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
            .map((lambda) => report(`It reads $.External.${key} ${whyNot(lambda)}.`, action)),
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
    ? 'where no function has answered, or the last one failed'
    : `where ${lambda} has answered, which has no such key`;
}

function unknownLambda(action: FlowAction): string[] {
  if (action.Type !== 'InvokeLambdaFunction' || Object.hasOwn(ANSWER_KEYS, lambdaOf(action))) return [];
  return [`What this function answers is not known; that of ${Object.keys(ANSWER_KEYS).join(', ')} is.`];
}

const KEYS = new Map<string, readonly string[]>(Object.entries(ANSWER_KEYS));

function answersWith(lambda: string, key: string): boolean {
  return (KEYS.get(lambda) ?? []).some((known) =>
    known.endsWith('*') ? key.startsWith(known.slice(0, -1)) && key.length >= known.length : known === key,
  );
}

const PARAMETERS = new Map<string, readonly string[]>(Object.entries(FUNCTION_PARAMETERS));
const STATUSES = new Map<string, readonly string[]>(Object.entries(ANSWER_STATUSES));

/** A misspelt parameter is as good as none, which extension-transfer takes for the number that was called. */
function unreadParameters(action: FlowAction): string[] {
  const read = action.Type === 'InvokeLambdaFunction' ? PARAMETERS.get(lambdaOf(action)) : undefined;
  const given = action.Parameters.LambdaInvocationAttributes;
  if (read === undefined || typeof given !== 'object') return [];
  return Object.keys(given)
    .filter((name) => !read.includes(name))
    .map((name) => `The function reads no parameter ${name}, only ${read.join(', ')}.`);
}

function unknownStatuses({ Parameters, Transitions }: FlowAction, last: readonly string[]): string[] {
  const statuses = last.flatMap((lambda) => STATUSES.get(lambda) ?? []);
  if (Parameters.ComparisonValue !== '$.External.status' || statuses.length === 0) return [];
  return (Transitions.Conditions ?? [])
    .filter(
      ({ Condition: { Operator, Operands } }) =>
        Operator === 'Equals' && !statuses.includes(Operands[0] ?? ''),
    )
    .map(({ Condition }) => `No status is ${Condition.Operands[0]}; there are ${statuses.join(', ')}.`);
}
