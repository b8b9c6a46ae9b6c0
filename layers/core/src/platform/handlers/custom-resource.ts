import type { Context } from 'aws-lambda';
import * as v from 'valibot';
import { describeError, InvalidInputError, SwitchboardError } from '#core/platform/errors.ts';
import { logger } from '#core/platform/observability.ts';
import { withTimeLimit } from '#core/platform/resilience/deadline.ts';
import { createAnswerSender, type ResourceAnswer } from './custom-resource-response.ts';

/** What CloudFormation asks for, see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html */
export interface ResourceRequest {
  type: 'Create' | 'Update' | 'Delete';
  /** As the template has them, every value a text. */
  properties: Record<string, unknown>;
  /** Of an Update: what the properties were before. */
  oldProperties: Record<string, unknown>;
  /** What the resource was called by its last answer; absent on Create. */
  physicalId?: string;
  /** Of the function that handles the request. */
  account: string;
  region: string;
  /** When the work must have ended, in milliseconds since 1970. */
  deadline: number;
}

/** How the work went. */
export interface ResourceResult {
  physicalId: string;
  /** What `Fn::GetAtt` gives. */
  data?: Record<string, string>;
  /** What a person should know although it went well. */
  note?: string;
}

export interface Resource {
  /** The id to answer with before the work says one, so that a failed Create can be deleted. Never throws. */
  physicalId(request: ResourceRequest): string;
  /** Throws what went wrong; a SwitchboardError's message is the reason that CloudFormation shows. */
  apply(request: ResourceRequest): Promise<ResourceResult>;
}

/** What the answer may take at the end: it is sent again when the first try fails. */
const ANSWER_MS = 20_000;

/** CloudFormation's own fields, as far as an answer needs them. */
const envelopeSchema = v.object({
  ResponseURL: v.pipe(v.string(), v.url()),
  StackId: v.optional(v.string(), ''),
  RequestId: v.optional(v.string(), ''),
  LogicalResourceId: v.optional(v.string(), ''),
  PhysicalResourceId: v.optional(v.string()),
});

const requestSchema = v.object({
  RequestType: v.picklist(['Create', 'Update', 'Delete']),
  ResourceProperties: v.record(v.string(), v.unknown()),
  OldResourceProperties: v.optional(v.record(v.string(), v.unknown()), {}),
  PhysicalResourceId: v.optional(v.string()),
});

/**
 * Wraps a custom resource. CloudFormation waits for the answer, up to an hour: so there always is one, for a request
 * that is not understood, for whatever the work throws, and when the function's time runs low. A Delete succeeds
 * whatever happens, because a stack that cannot be removed is worse than a thing left behind, which is named.
 *
 * @param name the function, for the log: `connect-setup`
 */
export function customResourceHandler(
  name: string,
  resource: Resource,
  send: (url: string, answer: ResourceAnswer) => Promise<void> = createAnswerSender(),
) {
  return async function handleResource(event: unknown, context: Context): Promise<void> {
    const envelope = v.safeParse(envelopeSchema, event);
    if (!envelope.success) {
      throw new InvalidInputError(
        'NOT_FROM_CLOUDFORMATION',
        `${name} is for CloudFormation: the event has no ResponseURL to answer to.`,
      );
    }
    const { ResponseURL, StackId, RequestId, LogicalResourceId, PhysicalResourceId } = envelope.output;
    const { type, succeeded, result } = await attempt(event, context);
    const answer: ResourceAnswer = {
      Status: succeeded || type === 'Delete' ? 'SUCCESS' : 'FAILED',
      Reason: result.note ?? 'Done.',
      PhysicalResourceId: result.physicalId || PhysicalResourceId || `${name}-${RequestId}`,
      StackId,
      RequestId,
      LogicalResourceId,
      Data: result.data ?? {},
    };
    logger.info('answering', { resource: name, request: type, status: answer.Status, reason: answer.Reason });
    // Thrown when nobody takes the answer: Lambda invokes again then, and everything is repeatable.
    await send(ResponseURL, answer);
  };

  async function attempt(
    event: unknown,
    context: Context,
  ): Promise<{ type: string; succeeded: boolean; result: ResourceResult }> {
    const type = String((event as { RequestType?: unknown }).RequestType);
    let physicalId = '';
    try {
      const request = readRequest(event, context);
      physicalId = resource.physicalId(request);
      const result = await withTimeLimit(Math.max(0, request.deadline - Date.now()), () =>
        resource.apply(request),
      );
      return { type, succeeded: true, result };
    } catch (error) {
      logger.error('failed', { resource: name, request: type, error: describeError(error) });
      return { type, succeeded: false, result: { physicalId, note: reasonOf(error, name) } };
    }
  }
}

function readRequest(event: unknown, context: Context): ResourceRequest {
  const read = v.safeParse(requestSchema, event);
  if (!read.success) {
    const where = v.getDotPath(read.issues[0]) ?? 'the event';
    throw new InvalidInputError('INVALID_REQUEST', `CloudFormation's request is wrong at ${where}.`);
  }
  const { RequestType, ResourceProperties, OldResourceProperties, PhysicalResourceId } = read.output;
  const [, , , region = '', account = ''] = context.invokedFunctionArn.split(':');
  const remaining = context.getRemainingTimeInMillis();
  return {
    type: RequestType,
    properties: ResourceProperties,
    oldProperties: OldResourceProperties,
    ...(PhysicalResourceId === undefined ? {} : { physicalId: PhysicalResourceId }),
    account,
    region,
    deadline: Date.now() + remaining - Math.min(ANSWER_MS, remaining / 3),
  };
}

/** Messages of ours may be shown; what others throw may quote what nobody should read. */
function reasonOf(error: unknown, name: string): string {
  if (error instanceof SwitchboardError) {
    if (error.code !== 'TIMED_OUT') return error.message;
    return 'There was not enough time. Everything done so far is kept and known again: try once more.';
  }
  const kind = error instanceof Error ? error.name : typeof error;
  return `${name} failed unexpectedly (${kind}); its log entry "failed" says where. Nothing is lost: try once more.`;
}
