// What a text message costs on our side: taken by the REST API, kept, sent in its turn. Carriers are not part of it.
import { ASSUMED, costsBySize, PRICES, traces } from './model.ts';

export interface TextRequest {
  caller: 'MessagesApiFunction' | 'MessageDispatcherFunction';
  operation: string;
  consistent?: boolean;
}

const api = (operation: string): TextRequest => ({ caller: 'MessagesApiFunction', operation });
const dispatcher = (operation: string, consistent?: true): TextRequest => ({
  caller: 'MessageDispatcherFunction',
  operation,
  ...(consistent ? { consistent } : {}),
});

/**
 * The requests for one text to a contact, from a number that texted before. A test counts those of the built functions;
 * texts to one recipient that go out together share some.
 */
export const TEXT_REQUESTS: readonly TextRequest[] = [
  // Who has this number? Then the message and its key.
  api('Query'),
  api('TransactWriteItems'),
  // What is open in the lane, before and after.
  dispatcher('Query', true),
  dispatcher('Query', true),
  // Our number, the opt-out, the contacts of the recipient.
  dispatcher('GetItem'),
  dispatcher('GetItem', true),
  dispatcher('Query'),
  dispatcher('BatchGetItem'),
  // The turn of the number, the claim, the end.
  dispatcher('UpdateItem'),
  dispatcher('UpdateItem'),
  dispatcher('UpdateItem'),
  dispatcher('SendTextMessage'),
];

/**
 * Items are smaller than the 1 KB (4 KB) that a unit writes (reads). A transaction writes each of its two items twice;
 * the index has one write when a message is accepted, two when it is claimed and one when it ends. Both items of the
 * contact are read consistently at most.
 */
const READ_UNITS = 0.5 + 2 + 0.5 + 1 + 0.5 + 2;
const WRITE_UNITS = 4 + 1 + 1 + (1 + 2) + (1 + 1);

/** What a warm dispatcher takes for a text, most of it the answer of End User Messaging. On the high side. */
const DISPATCH_MS = 250;

interface TextCosts {
  'REST API': number;
  Lambda: number;
  DynamoDB: number;
  'X-Ray': number;
  Logs: number;
}

/** USD a month, when every text is sent alone. */
export function costsOfTexts(texts: number): TextCosts {
  const invocations = 2 * texts;
  const milliseconds =
    texts * (ASSUMED.warmMs + DISPATCH_MS) + invocations * ASSUMED.coldShare * ASSUMED.coldMs;
  return {
    'REST API': texts * PRICES.apiRequest,
    Lambda:
      invocations * PRICES.lambdaRequest +
      (milliseconds / 1000) * ASSUMED.memoryGigabytes * PRICES.lambdaGigabyteSecond,
    DynamoDB: texts * (READ_UNITS * PRICES.readRequestUnit + WRITE_UNITS * PRICES.writeRequestUnit),
    'X-Ray': traces(invocations) * PRICES.trace,
    Logs: ((invocations * (ASSUMED.ownLogBytes + ASSUMED.platformLogBytes)) / 1e9) * PRICES.logGigabyte,
  };
}

const VOLUMES = [1_000, 100_000, 1_000_000];

/** The second table in docs/operations.md. */
export function textCostTable(): string {
  return costsBySize('Additional USD a month', 'texts', VOLUMES, costsOfTexts);
}
