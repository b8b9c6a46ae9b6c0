import { randomUUID } from 'node:crypto';
import type {
  Accepted,
  AcceptMessage,
  AcceptRequest,
  FindDuplicates,
} from '#core/messages/acceptance/create-acceptance.ts';
import type { QuietHours } from '#core/messages/message.ts';
import type { MessageTable } from '#core/messages/table.ts';
import { InvalidInputError, UnavailableError } from '#core/platform/errors.ts';
import { readLines } from '#core/platform/ndjson.ts';
import { count } from '#core/platform/observability.ts';
import { forEachConcurrent } from '#core/platform/resilience/concurrency.ts';
import { withTimeLimit } from '#core/platform/resilience/deadline.ts';
import { MAX_CHUNK_MESSAGES } from './batch-items.ts';
import { type LineError, MAX_LINE_BYTES, parseLine, toLineError } from './batch-line.ts';
import { putBatch, putChunk } from './batch-store.ts';
import { createDuplicatePrefetch } from './duplicate-prefetch.ts';
import { createKeyedQueue } from './keyed-queue.ts';

/** The limit of one request. */
export const MAX_BATCH_MESSAGES = 10_000;
const ACCEPT_CONCURRENCY = 32;
/** The time limit of one message. */
const ACCEPT_TIMEOUT_MS = 5_000;
/** The time for the last message that was started, and for writing the batch. */
const FINAL_WRITE_RESERVE_MS = ACCEPT_TIMEOUT_MS + 3_000;
/** The batch stores this many errors. The response has all of them. */
const MAX_STORED_ERRORS = 100;

export interface SendManySettings extends MessageTable {
  accept: AcceptMessage;
  findDuplicates: FindDuplicates;
  /** How long a batch is stored. */
  retentionDays: number;
}

export interface SendManyRequest {
  /** Newline-delimited JSON. */
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  quiet: QuietHours | undefined;
  /** The remaining time in milliseconds. */
  timeLeft: () => number;
}

export interface SendManyResponse {
  trackingId: string;
  /** Accepted messages, including those that an earlier request had accepted. */
  accepted: number;
  /** Segments of the accepted messages: they determine the price, and the time at `SmsMessagesPerSecond`. */
  segments: number;
  /** Every line that was not accepted, in order. No line after `NOT_REACHED` or `TOO_MANY_LINES` was read. */
  errors: LineError[];
}

/**
 * Accepts the messages of a request line by line, and writes a batch with their IDs, so that clients can read their
 * progress. If a request ends early, the client repeats it: messages that were accepted are found by their keys, and the
 * `trackingId` of the second request covers all of them.
 *
 * @throws {InvalidInputError} `EMPTY_BODY`
 * @throws {UnavailableError} when the batch itself cannot be written
 */
export function createSendMany({ accept, findDuplicates, retentionDays, ...table }: SendManySettings) {
  return async function sendMany({ body, quiet, timeLeft }: SendManyRequest): Promise<SendManyResponse> {
    const trackingId = randomUUID();
    const createdAt = new Date();
    const ttl = Math.floor(createdAt.getTime() / 1_000) + retentionDays * 86_400;
    const errors: LineError[] = [];
    let [accepted, duplicates, segments, chunks] = [0, 0, 0, 0];
    let messageIds: string[] = [];
    const isOver = () => timeLeft() < FINAL_WRITE_RESERVE_MS;
    const prefetch = createDuplicatePrefetch((requests) =>
      withTimeLimit(ACCEPT_TIMEOUT_MS, () => findDuplicates(requests)),
    );

    async function writeChunk(): Promise<void> {
      const full = messageIds;
      messageIds = [];
      chunks += 1;
      await putChunk(table, trackingId, { number: chunks, messageIds: full, finalCounts: {} }, ttl);
    }

    async function acceptOne(request: AcceptRequest): Promise<Accepted> {
      // It may have waited in the queue of its recipient.
      if (isOver()) throw new UnavailableError('UNAVAILABLE', 'The time of the request is over; retry.');
      const result = await withTimeLimit(ACCEPT_TIMEOUT_MS, () => accept(request));
      prefetch.observe(result.duplicate);
      return result;
    }

    async function acceptLine({ line, request, duplicateOf }: NumberedMessage): Promise<void> {
      try {
        const result = duplicateOf ?? (await acceptOne(request));
        accepted += 1;
        segments += result.segments;
        if (result.duplicate) duplicates += 1;
        messageIds.push(result.messageId);
      } catch (error) {
        const fault = toLineError(
          line,
          error instanceof UnavailableError ? lineUnavailableError(error) : error,
        );
        if (!fault) throw error;
        errors.push(fault);
      }
      if (messageIds.length >= MAX_CHUNK_MESSAGES) await writeChunk();
    }

    async function acceptAll(): Promise<void> {
      const messages = readBatchMessages(body, quiet, (error) => errors.push(error), isOver);
      // Messages are sent in the order of acceptance. So accept the lines to one recipient in their order.
      const enqueue = createKeyedQueue();
      await forEachConcurrent(prefetch.prefetch(messages), ACCEPT_CONCURRENCY, (numbered) =>
        enqueue(numbered.request.to.replace(/\D/g, ''), () => acceptLine(numbered)),
      );
      if (messageIds.length > 0) await writeChunk();
    }

    try {
      await acceptAll();
    } finally {
      // The messages are accepted, even if writing the batch fails.
      if (accepted > duplicates) count('MessagesAccepted', accepted - duplicates);
      if (duplicates > 0) count('MessagesDuplicate', duplicates);
    }
    if (accepted + errors.length === 0) throw emptyBodyError();
    errors.sort((a, b) => a.line - b.line);
    const [total, errorCount] = [accepted + errors.length, errors.length];
    const batch = { trackingId, createdAt: createdAt.toISOString(), total, accepted, duplicates, errorCount };
    await putBatch(table, { ...batch, errors: errors.slice(0, MAX_STORED_ERRORS) }, ttl);
    return { trackingId, accepted, segments, errors };
  };
}

interface NumberedMessage {
  line: number;
  request: AcceptRequest;
  /** The result of the earlier request that accepted it. */
  duplicateOf?: Accepted;
}

/** Yields the valid lines and reports the others. Ends early with one report for all lines that follow. */
async function* readBatchMessages(
  body: SendManyRequest['body'],
  quiet: QuietHours | undefined,
  report: (error: LineError) => void,
  isOver: () => boolean,
): AsyncGenerator<NumberedMessage> {
  let read = 0;
  for await (const line of readLines(body, MAX_LINE_BYTES)) {
    read += 1;
    const end = read > MAX_BATCH_MESSAGES ? TOO_MANY_LINES_ERROR : isOver() ? NOT_REACHED_ERROR : undefined;
    if (end) {
      report({ line: line.number, ...end });
      return;
    }
    try {
      const request = { ...parseLine(line), origin: 'batch' as const, ...(quiet ? { quiet } : {}) };
      yield { line: line.number, request };
    } catch (error) {
      const fault = toLineError(line.number, error);
      if (!fault) throw error;
      report(fault);
    }
  }
}

const TOO_MANY_LINES_ERROR = {
  code: 'TOO_MANY_LINES',
  message: `A request has at most ${MAX_BATCH_MESSAGES} messages. This line and all that follow were not read. Send them in another request.`,
};
const NOT_REACHED_ERROR = {
  code: 'NOT_REACHED',
  message: 'The time of the request ended. This line and all that follow were not read. Send them again.',
};

function emptyBodyError(): InvalidInputError {
  return new InvalidInputError('EMPTY_BODY', 'The body has no lines. Send each message as one line of JSON.');
}

/** The message may or may not have been accepted. Sending the line again is safe in both cases. */
function lineUnavailableError(cause: UnavailableError): UnavailableError {
  return new UnavailableError(
    'UNAVAILABLE',
    'A dependency did not respond in time. Send this line again with the same key; no message is sent twice.',
    { cause },
  );
}
