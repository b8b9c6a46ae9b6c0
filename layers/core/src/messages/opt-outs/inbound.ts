import * as v from 'valibot';
import { documentClient } from '#core/platform/dynamodb/client.ts';
import { InvalidInputError } from '#core/platform/errors.ts';
import type { JobResult } from '#core/platform/handlers/scheduled.ts';
import { keyringLoader, keySettings } from '#core/platform/keys/index.ts';
import { count } from '#core/platform/observability.ts';
import { parseInternational } from '#core/platform/phone.ts';
import { wishOf } from './opt-out-keywords.ts';
import { type OptOutStore, writeOptOut } from './store.ts';

export interface InboundTextsEnv {
  MESSAGES_TABLE: string;
  ORGANIZATION: string;
  ROOT_KEY_ARN: string;
  KEY_VERSIONS: number[];
}

/** What SNS delivers, as far as we read it; End User Messaging's own JSON is the text of `Message`. */
const snsEvent = v.object({
  Records: v.array(v.object({ Sns: v.object({ Message: v.string(), Timestamp: v.string() }) })),
});
const inboundText = v.object({ originationNumber: v.string(), messageBody: v.string() });

/** One text that somebody sent to a number of ours. */
interface InboundText {
  from: string;
  text: string;
  /** When SNS took it, ISO 8601: a text brings no time of its own. */
  at: string;
}

/**
 * Follows the topic of texts that people send back: who asks for no more texts, or for texts again, is remembered.
 * Nothing of a text is kept but that.
 *
 * @throws {InvalidInputError} `INVALID_EVENT` when it is no such event, `UNREADABLE_NUMBER` when somebody who wants no
 *   texts cannot be told; what could be read is done all the same
 */
export function inboundTexts(env: InboundTextsEnv): (event: unknown) => Promise<JobResult> {
  const keyring = keyringLoader(keySettings(env));
  const store = { client: documentClient(), messages: env.MESSAGES_TABLE, keyring };
  return (event) => receive(event, store);
}

async function receive(event: unknown, store: OptOutStore): Promise<JobResult> {
  const parsed = v.safeParse(snsEvent, event);
  if (!parsed.success) throw invalidEvent();
  const counts = { stops: 0, starts: 0, others: 0 };
  let unheeded = false;
  const texts = parsed.output.Records.map(({ Sns }) => readText(Sns.Message, Sns.Timestamp));
  for (const text of texts) if (text && !(await heed(text, store, counts))) unheeded = true;
  count('InboundTexts', texts.length);
  if (counts.stops > 0) count('OptOuts', counts.stops);
  if (counts.starts > 0) count('OptIns', counts.starts);
  // Whatever else publishes to the topic ends in the dead letters, where somebody sees it.
  if (texts.includes(undefined)) throw invalidEvent();
  if (unheeded) throw unreadableNumber();
  return { status: 'DONE', counts };
}

/** False when somebody wants no texts, and who that is cannot be told. */
async function heed(
  { from, text, at }: InboundText,
  store: OptOutStore,
  counts: Record<'stops' | 'starts' | 'others', number>,
): Promise<boolean> {
  const wish = wishOf(text);
  const number = readNumber(from);
  if (wish === 'STOP' && number === undefined && !isShort(from)) return false;
  if (wish === 'OTHER' || number === undefined) {
    counts.others += 1;
    return true;
  }
  const state = wish === 'STOP' ? 'OUT' : 'IN';
  await writeOptOut(store, number, { state, at, source: 'TEXT' });
  counts[wish === 'STOP' ? 'stops' : 'starts'] += 1;
  return true;
}

/** In E.164. A text that came in over a network names its country, with or without the "+". */
function readNumber(from: string): string | undefined {
  if (isShort(from)) return undefined;
  const number = parseInternational(/^\s*\d/.test(from) ? `+${from.trim()}` : from);
  return number.kind === 'phone' ? number.phoneNumber : undefined;
}

/** A short code or a name cannot be texted, so there is nothing to opt out of. */
function isShort(from: string): boolean {
  return from.replace(/\D/g, '').length < 7;
}

function readText(message: string, timestamp: string): InboundText | undefined {
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

function invalidEvent(): InvalidInputError {
  return new InvalidInputError(
    'INVALID_EVENT',
    'This is not a text of AWS End User Messaging as SNS delivers it: Records, Sns.Message, originationNumber or messageBody is missing.',
  );
}

function unreadableNumber(): InvalidInputError {
  return new InvalidInputError(
    'UNREADABLE_NUMBER',
    'A text that asks for no more comes from what is no phone number. Read it in the dead letters, and enter it by hand.',
  );
}
