import * as v from 'valibot';
import { documentClient } from '#core/platform/dynamodb/client.ts';
import { InvalidInputError } from '#core/platform/errors.ts';
import type { RunResult } from '#core/platform/handlers/scheduled.ts';
import { createKeyringLoader, keySettings } from '#core/platform/keys/index.ts';
import { count } from '#core/platform/observability.ts';
import { parseInternational } from '#core/platform/phone.ts';
import { intentOf } from './opt-out-keywords.ts';
import { type OptOutStore, writeOptOut } from './opt-out-store.ts';

export interface InboundTextsEnv {
  MESSAGES_TABLE: string;
  ORGANIZATION: string;
  ROOT_KEY_ARN: string;
  KEY_VERSIONS: number[];
}

/** The part of an SNS event that is read. `Message` holds the JSON of AWS End User Messaging. */
const snsEvent = v.object({
  Records: v.array(v.object({ Sns: v.object({ Message: v.string(), Timestamp: v.string() }) })),
});
const inboundText = v.object({ originationNumber: v.string(), messageBody: v.string() });

/** One text that a person sent to one of your numbers. */
interface InboundText {
  from: string;
  text: string;
  /** When SNS received it, ISO 8601. The text itself has no time. */
  at: string;
}

/**
 * Creates the function that processes the texts that people send back. It stores opt-outs and opt-ins, and nothing else
 * of a text.
 *
 * @throws {InvalidInputError} `INVALID_EVENT` when the event is not from SNS, `UNREADABLE_NUMBER` when an opt-out has no
 *   valid number; every other text of the event is processed
 */
export function createInboundTexts(env: InboundTextsEnv): (event: unknown) => Promise<RunResult> {
  const keyring = createKeyringLoader(keySettings(env));
  const store = { client: documentClient(), messages: env.MESSAGES_TABLE, keyring };
  return (event) => processEvent(event, store);
}

async function processEvent(event: unknown, store: OptOutStore): Promise<RunResult> {
  const parsed = v.safeParse(snsEvent, event);
  if (!parsed.success) throw invalidEventError();
  const counts = { stops: 0, starts: 0, others: 0 };
  let hasUnreadableNumber = false;
  const texts = parsed.output.Records.map(({ Sns }) => parseInboundText(Sns.Message, Sns.Timestamp));
  for (const text of texts) if (text && !(await handle(text, store, counts))) hasUnreadableNumber = true;
  count('InboundTexts', texts.length);
  if (counts.stops > 0) count('OptOuts', counts.stops);
  if (counts.starts > 0) count('OptIns', counts.starts);
  // Other events of the topic go to the dead-letter queue, where an operator sees them.
  if (texts.includes(undefined)) throw invalidEventError();
  if (hasUnreadableNumber) throw unreadableNumberError();
  return { status: 'DONE', counts };
}

/** False when a text is an opt-out and its number cannot be read. */
async function handle(
  { from, text, at }: InboundText,
  store: OptOutStore,
  counts: Record<'stops' | 'starts' | 'others', number>,
): Promise<boolean> {
  const intent = intentOf(text);
  const number = parseOriginationNumber(from);
  if (intent === 'STOP' && number === undefined && !isShortCode(from)) return false;
  if (intent === 'OTHER' || number === undefined) {
    counts.others += 1;
    return true;
  }
  const state = intent === 'STOP' ? 'OPTED_OUT' : 'OPTED_IN';
  await writeOptOut(store, number, { state, at, source: 'TEXT' });
  counts[intent === 'STOP' ? 'stops' : 'starts'] += 1;
  return true;
}

/** Returns E.164. The number of an incoming text has a country code, with or without the "+". */
function parseOriginationNumber(from: string): string | undefined {
  if (isShortCode(from)) return undefined;
  const number = parseInternational(/^\s*\d/.test(from) ? `+${from.trim()}` : from);
  return number.kind === 'phone' ? number.phoneNumber : undefined;
}

/** A short code or a name cannot get texts, so it cannot opt out. */
function isShortCode(from: string): boolean {
  return from.replace(/\D/g, '').length < 7;
}

function parseInboundText(message: string, timestamp: string): InboundText | undefined {
  const parsed = v.safeParse(inboundText, parseJson(message));
  const time = new Date(timestamp);
  if (!parsed.success || Number.isNaN(time.getTime())) return undefined;
  return {
    from: parsed.output.originationNumber,
    text: parsed.output.messageBody,
    at: time.toISOString(),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function invalidEventError(): InvalidInputError {
  return new InvalidInputError(
    'INVALID_EVENT',
    'The event is not an inbound text of AWS End User Messaging from SNS: Records, Sns.Message, originationNumber, or messageBody is missing. Check what publishes to the topic.',
  );
}

function unreadableNumberError(): InvalidInputError {
  return new InvalidInputError(
    'UNREADABLE_NUMBER',
    'An opt-out has no valid phone number. Read the text in the dead-letter queue, and enter the opt-out with PUT /sms/opt-outs/{phoneNumber}.',
  );
}
