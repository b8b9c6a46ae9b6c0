import { FLOW_LIMITS } from '#tools/flows/model/action-model.ts';
import { FlowError } from '#tools/flows/play/flow/playable-flow.ts';
import { validateAnswer } from '#tools/flows/play/lambda/answer.ts';
import { createContactFlowEvent } from '#tools/flows/play/lambda/event.ts';
import { type InvocationResult, invokeWithRetries } from '#tools/flows/play/lambda/invoker.ts';
import type { LambdaEvent } from '#tools/flows/play/transcript.ts';
import { objectAt, textAt } from '#tools/json.ts';
import {
  type ActionContext,
  type ActionOutcome,
  DONE,
  failed,
  parameter,
  parametersAt,
  wholeNumber,
} from './action.ts';

/** Connect's limits for a synchronous function. */
const LIMIT_SECONDS = { max: 8, default: '3' };
/** The total time of functions without a prompt between them. */
const CHAIN_MS = FLOW_LIMITS.lambdaChainSeconds * 1_000;

export async function invokeLambda(context: ActionContext): Promise<ActionOutcome> {
  const { call } = context;
  const settings = settingsOf(context);
  const functionArn = parameter(context, 'LambdaFunctionARN');
  if (!functionArn) return failed('LambdaFunctionARN has no value');
  const parameters = given(parametersAt(context, 'LambdaInvocationAttributes'));
  const request = { type: 'lambda', function: nameOf(functionArn), parameters } as const;
  call.external = {};
  const refusal = await refusalOf(context, functionArn);
  if (refusal) {
    call.record({ ...request, durationMs: 0, attempts: 0, outcome: 'failed', why: refusal });
    return failed(refusal);
  }
  const limitMs = Math.min(settings.limitMs, CHAIN_MS - call.lambdaMsSincePrompt);
  const event = createContactFlowEvent(call.contact, call.options.instance.arn, parameters);
  const invocation = await invokeWithRetries(limitMs, { functionArn, event }, call.options.invoke);
  call.lambdaMsSincePrompt += invocation.durationMs;
  const result = resultOf(invocation, settings.responseType);
  call.record({ ...request, ...measured(invocation), ...result });
  if (!call.advance(invocation.durationMs)) return DONE;
  call.external = result.answer ?? {};
  return result.why === undefined ? DONE : failed(result.why);
}

/** @throws {FlowError} */
function settingsOf({ action }: ActionContext) {
  const { InvocationType = 'SYNCHRONOUS', InvocationTimeLimitSeconds } = action.parameters;
  if (InvocationType !== 'SYNCHRONOUS')
    throw new FlowError('The player supports InvocationType "SYNCHRONOUS" only.');
  const limit = String(InvocationTimeLimitSeconds ?? LIMIT_SECONDS.default);
  const seconds = wholeNumber(limit, 'InvocationTimeLimitSeconds', 1, LIMIT_SECONDS.max);
  const responseType =
    textAt(objectAt(action.parameters, 'ResponseValidation'), 'ResponseType') ?? 'STRING_MAP';
  if (responseType !== 'STRING_MAP' && responseType !== 'JSON') {
    throw new FlowError('ResponseValidation.ResponseType must be "STRING_MAP" or "JSON".');
  }
  return { limitMs: seconds * 1_000, responseType } as const;
}

/** Returns the reason why Connect does not invoke the function. */
async function refusalOf({ call }: ActionContext, functionArn: string): Promise<string | undefined> {
  if (!(await call.options.instance.hasLambda(functionArn))) {
    return 'the function is not associated with the instance';
  }
  if (call.lambdaMsSincePrompt < CHAIN_MS) return undefined;
  return `functions ran for ${FLOW_LIMITS.lambdaChainSeconds} seconds without a prompt`;
}

function resultOf(
  invocation: InvocationResult,
  responseType: 'STRING_MAP' | 'JSON',
): Pick<LambdaEvent, 'outcome' | 'answer' | 'why'> {
  if (invocation.kind === 'failed') return { outcome: 'failed', why: invocation.why };
  const checked = validateAnswer(invocation.payload, responseType);
  if (checked.accepted) return { outcome: 'answered', answer: checked.answer };
  return { outcome: 'failed', why: checked.why };
}

function measured({ durationMs, attempts }: InvocationResult) {
  return { durationMs: Math.round(durationMs), attempts };
}

/** Leaves out parameters without a value. */
function given(values: Record<string, string | undefined>): Record<string, string> {
  const entries = Object.entries(values);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function nameOf(arn: string): string {
  return arn.split(':function:').at(-1) ?? arn;
}
