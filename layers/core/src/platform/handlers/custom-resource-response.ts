import { type Clock, systemClock } from '#core/platform/clock.ts';
import { UnavailableError } from '#core/platform/errors.ts';
import { jitteredBackoff } from '#core/platform/resilience/backoff.ts';

/** See https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html */
export interface ResourceResponse {
  Status: 'SUCCESS' | 'FAILED';
  Reason: string;
  PhysicalResourceId: string;
  StackId: string;
  RequestId: string;
  LogicalResourceId: string;
  Data: Record<string, string>;
}

/** CloudFormation refuses a response of more than 4,096 bytes. */
const MAX_RESPONSE_BYTES = 4_000;

const MAX_ATTEMPTS = 4;
const BACKOFF = { firstMs: 500, maxMs: 2_000, jitter: 'equal' } as const;
/** All attempts and the waits between them end within the time that is reserved for the response. */
const ATTEMPT_TIMEOUT_MS = 3_500;

/**
 * Creates a function that sends the response by PUT, and repeats it after a failure.
 *
 * @returns a function that throws {UnavailableError} `RESPONSE_REFUSED` after the last attempt
 */
export function createResponseSender(clock: Clock = systemClock) {
  return async function sendResponse(url: string, response: ResourceResponse): Promise<void> {
    // Bytes have no content type. The signature of the URL covers an empty one.
    const body = new TextEncoder().encode(shortenToLimit(response));
    for (let attempt = 1; ; attempt += 1) {
      const failure = await putResponse(url, body);
      if (failure === undefined) return;
      if (attempt === MAX_ATTEMPTS) {
        throw new UnavailableError('RESPONSE_REFUSED', 'CloudFormation did not accept the response.', {
          cause: failure,
        });
      }
      await clock.sleep(jitteredBackoff(attempt, BACKOFF, clock));
    }
  };
}

async function putResponse(url: string, body: Uint8Array<ArrayBuffer>): Promise<Error | undefined> {
  try {
    const response = await fetch(url, {
      method: 'PUT',
      body,
      signal: AbortSignal.timeout(ATTEMPT_TIMEOUT_MS),
    });
    await response.arrayBuffer();
    return response.ok ? undefined : new Error(`The response was refused with ${response.status}.`);
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}

/** The response as JSON, with its texts cut until CloudFormation accepts its size. */
export function shortenToLimit(response: ResourceResponse): string {
  for (let maxLength = 1_500; ; maxLength = Math.floor(maxLength / 2)) {
    const data = Object.entries(response.Data).map(([key, value]) => [key, cutText(value, maxLength)]);
    const fitted = JSON.stringify({
      ...response,
      Reason: cutText(response.Reason, maxLength),
      Data: Object.fromEntries(data),
    });
    if (Buffer.byteLength(fitted) <= MAX_RESPONSE_BYTES || maxLength < 50) return fitted;
  }
}

function cutText(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength)}…`;
}
