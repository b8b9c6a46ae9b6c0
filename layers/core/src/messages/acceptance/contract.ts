import type { MessageEncoding, MessageOrigin, QuietHours } from '#core/messages/message.ts';

/** One text message to be sent, as a caller of the API, a line of a batch or a flow gives it. */
export interface AcceptRequest {
  /** 1 to 256 characters; the same key always means the same message. */
  idempotencyKey: string;
  /** A number of ours that may send texts. */
  from: string;
  /** A contact's number, or one of the directory, unless unknown recipients are allowed. */
  to: string;
  /** 1 to 1,600 characters; blanks at its ends are taken off. */
  content: string;
  origin: MessageOrigin;
  /**
   * The recipient is talking with us at this moment, as the caller of a flow is: neither here nor before sending is it
   * asked whether the number is a contact's or of the directory. Opt-outs and do-not-contact count all the same.
   */
  recipientPresent?: boolean;
  /** Not part of what the key stands for: the same message in two batches with other quiet hours is one message. */
  quiet?: QuietHours;
}

export interface Accepted {
  messageId: string;
  /** Whether it had been accepted before, by another request with the same key. */
  duplicate: boolean;
  /** How many parts the text is sent, and charged, as. */
  segments: number;
  encoding: MessageEncoding;
}

/**
 * Accepts a message durably, once for its key. Sending happens behind it.
 *
 * @throws {InvalidInputError} `INVALID_PHONE_NUMBER`, `INVALID_CONTENT`, `INVALID_UTF8`, `INVALID_IDEMPOTENCY_KEY`; their fields are
 * named as in the REST API
 * @throws {UnprocessableError} `IDEMPOTENCY_KEY_REUSED`, `FROM_NOT_OURS`, `RECIPIENT_UNKNOWN`
 * @throws {UnavailableError}
 */
export type AcceptMessage = (request: AcceptRequest) => Promise<Accepted>;

/**
 * Finds which of many requests were accepted before, in their order; undefined for those that were not, or that would be
 * refused. It accepts nothing.
 *
 * @throws {UnavailableError}
 */
export type FindEarlier = (requests: readonly AcceptRequest[]) => Promise<(Accepted | undefined)[]>;
