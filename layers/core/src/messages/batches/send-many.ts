import { randomUUID } from 'node:crypto';
import type { Accepted, AcceptMessage, AcceptRequest, FindEarlier } from '#core/messages/accept.ts';
import type { QuietHours } from '#core/messages/message.ts';
import type { MessageTable } from '#core/messages/table.ts';
import { InvalidInputError, UnavailableError } from '#core/platform/errors.ts';
import { readLines } from '#core/platform/ndjson.ts';
import { count } from '#core/platform/observability.ts';
import { forEachConcurrent } from '#core/platform/resilience/concurrency.ts';
import { withTimeLimit } from '#core/platform/resilience/deadline.ts';
import { createLookAhead } from './duplicate-prefetch.ts';
import { LONGEST_LINE, MESSAGES_A_BATCH } from './limits.ts';
import { type LineError, lineError, parseLine } from './line.ts';
import { MESSAGES_A_CHUNK } from './rows.ts';
import { putBatch, putChunk } from './store.ts';
import { createTurns } from './turns.ts';

/** Messages that are being accepted at the same time. */
const PARALLEL = 32;
/** How long one of them may take. */
const A_MESSAGE_MS = 5_000;
/** What is needed after the last one has begun: for that one itself, and to write down what became of all. */
const RESERVE_MS = A_MESSAGE_MS + 3_000;
/** As many refused lines are kept with a batch; the answer names all of them. */
const ERRORS_KEPT = 100;

export interface SendManySettings extends MessageTable {
  accept: AcceptMessage;
  findEarlier: FindEarlier;
  /** How long a batch can be asked for. */
  retentionDays: number;
}

export interface ManyMessages {
  /** Newline-delimited JSON. */
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  quiet: QuietHours | undefined;
  /** How much time is left, in milliseconds. */
  timeLeft: () => number;
}

export interface SentMany {
  trackingId: string;
  /** Messages that will be sent, those among them that had been accepted before included. */
  accepted: number;
  /** Segments of the accepted ones: what they are charged as, and how long they take at `SmsMessagesPerSecond`. */
  segments: number;
  /** Every line that was not accepted, in order; after a line that was not reached, none was. */
  errors: LineError[];
}

/**
 * Accepts the messages of a request line by line, and writes down which they are, so that it can be told what became of
 * them. Whatever ends it early, the request may be made again: what had been accepted is found by its key, and the
 * `trackingId` of the second one tells of all.
 *
 * @throws {InvalidInputError} `EMPTY_BODY`
 * @throws {UnavailableError} when the batch itself cannot be written down
 */
export function createSendMany({ accept, findEarlier, retentionDays, ...table }: SendManySettings) {
  return async function sendMany({ body, quiet, timeLeft }: ManyMessages): Promise<SentMany> {
    const trackingId = randomUUID();
    const createdAt = new Date();
    const ttl = Math.floor(createdAt.getTime() / 1_000) + retentionDays * 86_400;
    const errors: LineError[] = [];
    let [accepted, duplicates, segments, chunks] = [0, 0, 0, 0];
    let messageIds: string[] = [];
    const isOver = () => timeLeft() < RESERVE_MS;
    const ahead = createLookAhead((requests) => withTimeLimit(A_MESSAGE_MS, () => findEarlier(requests)));

    async function writeChunk(): Promise<void> {
      const full = messageIds;
      messageIds = [];
      chunks += 1;
      await putChunk(table, trackingId, { number: chunks, messageIds: full, settled: {} }, ttl);
    }

    async function acceptOne(request: AcceptRequest): Promise<Accepted> {
      // It may have waited for its turn.
      if (isOver()) throw new UnavailableError('UNAVAILABLE', 'The time of the request was over.');
      const answer = await withTimeLimit(A_MESSAGE_MS, () => accept(request));
      ahead.met(answer.duplicate);
      return answer;
    }

    async function acceptLine({ line, request, earlier }: NumberedMessage): Promise<void> {
      try {
        const answer = earlier ?? (await acceptOne(request));
        accepted += 1;
        segments += answer.segments;
        if (answer.duplicate) duplicates += 1;
        messageIds.push(answer.messageId);
      } catch (error) {
        const found = lineError(line, error instanceof UnavailableError ? sendAgain(error) : error);
        if (!found) throw error;
        errors.push(found);
      }
      if (messageIds.length >= MESSAGES_A_CHUNK) await writeChunk();
    }

    async function acceptAll(): Promise<void> {
      const messages = messagesOf(body, quiet, (error) => errors.push(error), isOver);
      // What was accepted earlier is sent earlier, so the lines to one recipient are accepted in their order.
      const inTurns = createTurns();
      await forEachConcurrent(ahead.through(messages), PARALLEL, (numbered) =>
        inTurns(numbered.request.to.replace(/\D/g, ''), () => acceptLine(numbered)),
      );
      if (messageIds.length > 0) await writeChunk();
    }

    try {
      await acceptAll();
    } finally {
      // They are accepted, whatever becomes of the batch.
      if (accepted > duplicates) count('MessagesAccepted', accepted - duplicates);
      if (duplicates > 0) count('MessagesDuplicate', duplicates);
    }
    if (accepted + errors.length === 0) throw emptyBody();
    errors.sort((a, b) => a.line - b.line);
    const [total, errorCount] = [accepted + errors.length, errors.length];
    const batch = { trackingId, createdAt: createdAt.toISOString(), total, accepted, duplicates, errorCount };
    await putBatch(table, { ...batch, errors: errors.slice(0, ERRORS_KEPT) }, ttl);
    return { trackingId, accepted, segments, errors };
  };
}

interface NumberedMessage {
  line: number;
  request: AcceptRequest;
  /** It was accepted before, as was found without trying. */
  earlier?: Accepted;
}

/** The good lines; the others are reported. Ends early, with one report for all that follows. */
async function* messagesOf(
  body: ManyMessages['body'],
  quiet: QuietHours | undefined,
  report: (error: LineError) => void,
  isOver: () => boolean,
): AsyncGenerator<NumberedMessage> {
  let read = 0;
  for await (const line of readLines(body, LONGEST_LINE)) {
    read += 1;
    const end = read > MESSAGES_A_BATCH ? TOO_MANY : isOver() ? NOT_REACHED : undefined;
    if (end) {
      report({ line: line.number, ...end });
      return;
    }
    try {
      const request = { ...parseLine(line), origin: 'batch' as const, ...(quiet ? { quiet } : {}) };
      yield { line: line.number, request };
    } catch (error) {
      const found = lineError(line.number, error);
      if (!found) throw error;
      report(found);
    }
  }
}

const TOO_MANY = {
  code: 'TOO_MANY_LINES',
  message: `A request takes ${MESSAGES_A_BATCH} messages. This line and what follows was not read: send it in another one.`,
};
const NOT_REACHED = {
  code: 'NOT_REACHED',
  message: 'The time was over. This line and what follows was not read: send it again.',
};

function emptyBody(): InvalidInputError {
  return new InvalidInputError('EMPTY_BODY', 'The body has no lines: one message is one line of JSON.');
}

/** Whether the message was accepted may be unknown, and need not be known. */
function sendAgain(cause: UnavailableError): UnavailableError {
  return new UnavailableError(
    'UNAVAILABLE',
    'A part of the system did not answer in time. Send this line again with the same key: no message is sent twice.',
    { cause },
  );
}
