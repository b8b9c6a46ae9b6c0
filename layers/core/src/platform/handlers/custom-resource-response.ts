import { type Clock, systemClock } from '#core/platform/clock.ts';
import { UnavailableError } from '#core/platform/errors.ts';
import { jitteredBackoff } from '#core/platform/resilience/backoff.ts';

/** See https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html */
export interface ResourceAnswer {
  Status: 'SUCCESS' | 'FAILED';
  Reason: string;
  PhysicalResourceId: string;
  StackId: string;
  RequestId: string;
  LogicalResourceId: string;
  Data: Record<string, string>;
}

/** CloudFormation refuses an answer of more than 4,096 bytes. */
const MOST_BYTES = 4_000;

const ATTEMPTS = 4;
const BACKOFF = { firstMs: 500, maxMs: 2_000, jitter: 'equal' } as const;
/** All attempts and the waits between them end within the time that is kept for the answer. */
const ATTEMPT_MS = 3_500;

/**
 * Sends the answer by PUT, up to four times.
 *
 * @returns a function that throws {UnavailableError} `ANSWER_REFUSED` when nobody takes the answer
 */
export function createAnswerSender(clock: Clock = systemClock) {
  return async function sendAnswer(url: string, answer: ResourceAnswer): Promise<void> {
    // Bytes, so that no content type is sent: the URL's signature covers an empty one.
    const body = new TextEncoder().encode(fittedAnswer(answer));
    for (let attempt = 1; ; attempt += 1) {
      const failure = await put(url, body);
      if (failure === undefined) return;
      if (attempt === ATTEMPTS) {
        throw new UnavailableError('ANSWER_REFUSED', 'CloudFormation did not take the answer.', {
          cause: failure,
        });
      }
      await clock.sleep(jitteredBackoff(attempt, BACKOFF, clock));
    }
  };
}

async function put(url: string, body: Uint8Array<ArrayBuffer>): Promise<Error | undefined> {
  try {
    const response = await fetch(url, { method: 'PUT', body, signal: AbortSignal.timeout(ATTEMPT_MS) });
    await response.arrayBuffer();
    return response.ok ? undefined : new Error(`It was refused with ${response.status}.`);
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}

/** The answer as JSON, its texts cut until it is small enough. */
export function fittedAnswer(answer: ResourceAnswer): string {
  for (let longest = 1_500; ; longest = Math.floor(longest / 2)) {
    const data = Object.entries(answer.Data).map(([key, value]) => [key, cut(value, longest)]);
    const fitted = JSON.stringify({
      ...answer,
      Reason: cut(answer.Reason, longest),
      Data: Object.fromEntries(data),
    });
    if (Buffer.byteLength(fitted) <= MOST_BYTES || longest < 50) return fitted;
  }
}

function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
}
