import type { MessageEncoding, MessageOrigin, QuietHours } from '#core/messages/message.ts';

/** One text message to send, from the API, a line of a batch, or a contact flow. */
export interface AcceptRequest {
  /** 1 to 256 characters. The same key always means the same message. */
  idempotencyKey: string;
  /** One of your numbers that may send texts. */
  from: string;
  /** The number of a contact, or one in the directory, unless unknown recipients are allowed. */
  to: string;
  /** 1 to 1,600 characters after trimming. */
  content: string;
  origin: MessageOrigin;
  /**
   * The recipient is on a call now, as the caller of a contact flow is. The number need not be known, neither now nor
   * before sending. Opt-outs and do-not-contact still apply.
   */
  recipientPresent?: boolean;
  /** Not part of what the key identifies: the same message in two batches with different quiet hours is one message. */
  quiet?: QuietHours;
}

export interface Accepted {
  messageId: string;
  /** Whether an earlier request with the same key was accepted. */
  duplicate: boolean;
  /** How many parts the text is sent and charged as. */
  segments: number;
  encoding: MessageEncoding;
}

/**
 * Accepts a message durably, once for its key. The dispatcher sends it later.
 *
 * @throws {InvalidInputError} `INVALID_PHONE_NUMBER`, `INVALID_CONTENT`, `INVALID_UTF8`, `INVALID_IDEMPOTENCY_KEY`; with the
 * field names of the REST API
 * @throws {UnprocessableError} `IDEMPOTENCY_KEY_REUSED`, `FROM_NOT_ALLOWED`, `RECIPIENT_UNKNOWN`
 * @throws {UnavailableError}
 */
export type AcceptMessage = (request: AcceptRequest) => Promise<Accepted>;

/**
 * Finds which of many requests were accepted before, in their order. Undefined for a request that was not, or that would
 * be rejected. Accepts nothing.
 *
 * @throws {UnavailableError}
 */
export type FindDuplicates = (requests: readonly AcceptRequest[]) => Promise<(Accepted | undefined)[]>;
