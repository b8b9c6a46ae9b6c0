import type { Context } from 'aws-lambda';
import * as v from 'valibot';
import { describeError, InvalidInputError, SwitchboardError } from '#core/platform/errors.ts';
import { logger } from '#core/platform/observability.ts';
import { withTimeLimit } from '#core/platform/resilience/deadline.ts';
import { createHandler, type LambdaHandler } from './create-handler.ts';
import { createResponseSender, type ResourceResponse } from './custom-resource-response.ts';

/** The request of CloudFormation, see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html */
export interface ResourceRequest {
  type: 'Create' | 'Update' | 'Delete';
  /** As in the template, with every value as a text. */
  properties: Record<string, unknown>;
  /** Of an Update: the previous properties. */
  oldProperties: Record<string, unknown>;
  /** The ID of the last response; absent on Create. */
  physicalId?: string;
  /** Of the function that handles the request. */
  account: string;
  region: string;
  /** When the work must have ended, in milliseconds since 1970. */
  deadline: number;
}

/** The result of the work. */
export interface ResourceResult {
  physicalId: string;
  /** What `Fn::GetAtt` returns. */
  data?: Record<string, string>;
  /** What a person must know although the work succeeded. */
  note?: string;
}

export interface CustomResource {
  /** The ID for the response when the work fails, so that a failed Create can be deleted. Never throws. */
  physicalId(request: ResourceRequest): string;
  /** Does the work. CloudFormation shows the message of a SwitchboardError as the reason of the failure. */
  apply(request: ResourceRequest): Promise<ResourceResult>;
}

/** The time that is reserved for the response: it is sent again when the first attempt fails. */
const RESPONSE_RESERVE_MS = 20_000;

/** The fields of CloudFormation that a response needs. */
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
 * Makes the function of a custom resource. CloudFormation waits up to an hour for the response, so the handler always sends one: for an
 * invalid request, for every error of the work, and when the time of the function is nearly over. A Delete succeeds in
 * every case: a stack that cannot be deleted is worse than a resource that remains, and the response names that one.
 *
 * @param name the function, for the log: `connect-setup`
 */
export function createResourceHandler(
  name: string,
  resource: CustomResource,
  send: (url: string, response: ResourceResponse) => Promise<void> = createResponseSender(),
): LambdaHandler<unknown, void> {
  return createHandler(name, { run: respondTo, respond: () => undefined });

  async function respondTo(event: unknown, context: Context): Promise<void> {
    const envelope = v.safeParse(envelopeSchema, event);
    if (!envelope.success) {
      throw new InvalidInputError(
        'NOT_FROM_CLOUDFORMATION',
        `${name} is for CloudFormation: the event has no ResponseURL.`,
      );
    }
    const { ResponseURL, StackId, RequestId, LogicalResourceId, PhysicalResourceId } = envelope.output;
    const { type, succeeded, result } = await attempt(event, context);
    const response: ResourceResponse = {
      Status: succeeded || type === 'Delete' ? 'SUCCESS' : 'FAILED',
      Reason: result.note ?? 'Done.',
      PhysicalResourceId: result.physicalId || PhysicalResourceId || `${name}-${RequestId}`,
      StackId,
      RequestId,
      LogicalResourceId,
      Data: result.data ?? {},
    };
    logger.info('responding', {
      request: type,
      status: response.Status,
      reason: response.Reason,
    });
    // It throws when CloudFormation does not accept the response. Lambda then invokes again, and the work is repeatable.
    await send(ResponseURL, response);
  }

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
      logger.error('failed', { request: type, error: describeError(error) });
      return { type, succeeded: false, result: { physicalId, note: reasonOf(error, name) } };
    }
  }
}

function readRequest(event: unknown, context: Context): ResourceRequest {
  const read = v.safeParse(requestSchema, event);
  if (!read.success) {
    const where = v.getDotPath(read.issues[0]) ?? 'the event';
    throw new InvalidInputError('INVALID_REQUEST', `The request of CloudFormation is invalid at ${where}.`);
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
    deadline: Date.now() + remaining - Math.min(RESPONSE_RESERVE_MS, remaining / 3),
  };
}

/** Only messages of this application are shown: those of others may quote personal data. */
function reasonOf(error: unknown, name: string): string {
  if (error instanceof SwitchboardError) {
    if (error.code !== 'TIMED_OUT') return error.message;
    return 'There was not enough time. Try again: the next attempt continues from here.';
  }
  const kind = error instanceof Error ? error.name : typeof error;
  return `${name} failed unexpectedly (${kind}). Try again. If it fails again, find the entry "failed" in its log.`;
}
