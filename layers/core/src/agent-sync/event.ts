import { InvalidInputError } from '#core/platform/errors.ts';

/** What a person accepts to shrink: nothing, the agents, the phone numbers, or both. */
export type AcceptShrink = boolean | 'agents' | 'numbers';

/** The request of an invocation. */
export type SyncRequest =
  | { kind: 'FULL'; acceptShrink: AcceptShrink }
  | { kind: 'USER'; userId: string; expect: 'PRESENT' | 'ABSENT' }
  | { kind: 'NONE'; reason: string };

/**
 * Reads the event of an invocation: an EventBridge event about one user (recorded by CloudTrail), the schedule, or a
 * person's `{"acceptShrink": "agents"}`. An event without a user ID requests a full run.
 *
 * @throws {InvalidInputError} `INVALID_ACCEPT_SHRINK`
 */
export function readSyncEvent(event: unknown, instanceArn: string): SyncRequest {
  const fields = record(event);
  const detail = record(fields.detail);
  if (typeof detail.eventName !== 'string') return readFullRequest(fields);
  if (detail.errorCode !== undefined && detail.errorCode !== null) {
    return { kind: 'NONE', reason: 'The event reports a request to Connect that failed.' };
  }
  const elements = [record(detail.requestParameters), record(detail.responseElements)];
  if (/^(Tag|Untag)Resource$/.test(detail.eventName)) return readTagEvent(elements, instanceArn);
  const instance = findId(elements, 'instanceid');
  if (instance !== undefined && instance !== lastPart(instanceArn)) {
    return { kind: 'NONE', reason: 'The event is about another Connect instance.' };
  }
  const userId = findId(elements, 'userid');
  if (userId === undefined) return { kind: 'FULL', acceptShrink: false };
  return { kind: 'USER', userId, expect: detail.eventName === 'DeleteUser' ? 'ABSENT' : 'PRESENT' };
}

function readFullRequest({ acceptShrink = false }: Record<string, unknown>): SyncRequest {
  const accepted = ([true, false, 'agents', 'numbers'] as const).find((known) => known === acceptShrink);
  if (accepted === undefined) {
    throw new InvalidInputError(
      'INVALID_ACCEPT_SHRINK',
      'acceptShrink must be "agents", "numbers", or true for both.',
      { field: 'acceptShrink' },
    );
  }
  return { kind: 'FULL', acceptShrink: accepted };
}

/**
 * Queues and flows have tags too. It is unverified that CloudTrail records the ARN of the resource as a request
 * parameter, and whether it is URL-encoded. The schedule covers the events that this does not understand.
 */
function readTagEvent(elements: Record<string, unknown>[], instanceArn: string): SyncRequest {
  const arn = findText(elements, 'resourcearn')?.replace(/%3a/gi, ':').replace(/%2f/gi, '/');
  if (!arn?.startsWith(`${instanceArn}/agent/`)) {
    return {
      kind: 'NONE',
      reason: 'The event is about tags of a resource that is not a user of this instance.',
    };
  }
  return { kind: 'USER', userId: lastPart(arn), expect: 'PRESENT' };
}

function findId(elements: Record<string, unknown>[], name: string): string | undefined {
  const found = findText(elements, name);
  return found === undefined ? undefined : lastPart(found);
}

/** CloudTrail spells the names of parameters as the service does, which has been both `UserId` and `userId`. */
function findText(elements: Record<string, unknown>[], name: string): string | undefined {
  for (const element of elements) {
    for (const [key, value] of Object.entries(element)) {
      if (key.toLowerCase() === name && typeof value === 'string' && value !== '') return value;
    }
  }
  return undefined;
}

/** The ID at the end of an ARN. An ID stays as it is. */
function lastPart(arnOrId: string): string {
  return arnOrId.slice(arnOrId.lastIndexOf('/') + 1);
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
