import { describeError, InvalidInputError, UnavailableError } from '#core/platform/errors.ts';
import { count, duration, logger } from '#core/platform/observability.ts';
import { createHandler, type LambdaHandler } from './create-handler.ts';

/** The parts of a contact-flow event that Switchboard uses. What Connect may leave out has a value or is absent. */
export interface FlowEvent {
  /** What the block passes on, every value as a string. */
  parameters: Record<string, string>;
  /** The names of the parameters that were objects or lists, and are written as JSON. */
  structured?: string[];
  /** The contact's attributes, every value as a string. */
  attributes: Record<string, string>;
  channel: string;
  /** Connect's ID of the call, chat, or task. It is personal data. Absent when there was none. */
  contactId?: string;
  /** The caller's number or address. Absent when Connect sent none. */
  customerAddress?: string;
  /** The number (or address) that was called. */
  systemAddress?: string;
  languageCode?: string;
}

/** What a flow reads as `$.External.<key>`. Always has a `status`; undefined values are left out. */
export interface FlowAnswer {
  status: string;
  [key: string]: string | undefined;
}

/** Connect rejects an answer of 32 KB. This is the largest one below it, measured as UTF-8 JSON. */
export const FLOW_ANSWER_LIMIT = 32 * 1024 - 1;

/**
 * Makes a contact-flow function. An expected outcome, invalid input, and an outage all become a `status`; only a bug
 * throws, and its error holds no personal data, because the Lambda runtime logs it.
 *
 * @param name the function, for the log and the metrics: `caller-lookup`
 * @param answer finds the answer to one event
 */
export function createFlowHandler(
  name: string,
  answer: (event: FlowEvent) => Promise<FlowAnswer>,
): LambdaHandler<unknown, Record<string, string>> {
  return createHandler(name, {
    run: async (event) => answer(parseFlowEvent(event)),
    onError: (error) => answerToError(name, error),
    report({ status }, milliseconds) {
      count('Calls');
      count(`Answers.${name}.${status}`);
      if (status === 'DEGRADED') count('Degraded');
      duration('CallDuration', milliseconds);
      logger.info('answered', { status });
    },
    respond: toStringMap,
  });
}

function answerToError(name: string, error: unknown): FlowAnswer {
  if (error instanceof InvalidInputError) {
    return { status: 'INVALID', message: error.message };
  }
  if (error instanceof UnavailableError) {
    logger.warn('degraded', { error: describeError(error) });
    return { status: 'DEGRADED', message: error.message };
  }
  logger.error('failed', { error: describeError(error) });
  throw new Error(`${name} failed because of a bug; its log entry "failed" says where.`);
}

/**
 * Reads any JSON as a contact-flow event.
 *
 * @throws {InvalidInputError} when it is no such event
 */
export function parseFlowEvent(raw: unknown): FlowEvent {
  const details = record(record(raw)?.Details);
  if (!details) {
    throw new InvalidInputError('INVALID_EVENT', 'This is not a contact-flow event: Details is missing.', {
      field: 'Details',
    });
  }
  const contact = record(details.ContactData) ?? {};
  const contactId = text(contact.ContactId);
  const customerAddress = text(record(contact.CustomerEndpoint)?.Address);
  const systemAddress = text(record(contact.SystemEndpoint)?.Address);
  const languageCode = text(contact.LanguageCode);
  const structured = namesOfObjects(details.Parameters);
  return {
    parameters: strings(details.Parameters),
    ...(structured.length === 0 ? {} : { structured }),
    attributes: strings(contact.Attributes),
    channel: text(contact.Channel) ?? '',
    ...(contactId === undefined ? {} : { contactId }),
    ...(customerAddress === undefined ? {} : { customerAddress }),
    ...(systemAddress === undefined ? {} : { systemAddress }),
    ...(languageCode === undefined ? {} : { languageCode }),
  };
}

/**
 * Shapes an answer as Connect accepts it as a STRING_MAP: keys of letters, digits, `_` and `-`, values that are strings,
 * less than 32 KB. An entry that does not fit is left out, and `truncated` is `true`.
 */
export function toStringMap(answer: FlowAnswer): Record<string, string> {
  const map: Record<string, string> = {};
  let bytes = Buffer.byteLength('{"truncated":"true"}');
  let truncated = false;
  for (const [key, value] of Object.entries(answer)) {
    if (value === undefined || !/^[A-Za-z0-9_-]+$/.test(key)) continue;
    const clean = value.toWellFormed();
    const size = Buffer.byteLength(`,${JSON.stringify(key)}:${JSON.stringify(clean)}`);
    if (bytes + size > FLOW_ANSWER_LIMIT) {
      truncated = true;
      continue;
    }
    bytes += size;
    map[key] = clean;
  }
  if (truncated) map.truncated = 'true';
  return map;
}

function record(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

function text(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** Parameters are usually strings but may be any JSON; null and undefined count as not given. */
function strings(value: unknown): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [key, entry] of Object.entries(record(value) ?? {})) {
    if (entry === null || entry === undefined) continue;
    result[key] = text(entry) ?? json(entry);
  }
  return result;
}

function namesOfObjects(value: unknown): string[] {
  const entries = Object.entries(record(value) ?? {});
  return entries.flatMap(([name, entry]) => (typeof entry === 'object' && entry !== null ? [name] : []));
}

/** JSON may arrive with more levels than can be written again. */
function json(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new InvalidInputError('INVALID_EVENT', 'A value of the contact-flow event is nested too deeply.', {
      field: 'Details',
    });
  }
}
