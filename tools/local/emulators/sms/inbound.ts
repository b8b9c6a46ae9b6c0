import { randomUUID } from 'node:crypto';
import { invalid } from '#tools/local/emulators/connect/errors.ts';
import { type JsonObject, textAt } from '#tools/local/template/index.ts';

/**
 * A text that a person sends to a number of ours, as End User Messaging publishes it to the topic of two-way SMS.
 *
 * @param body `{from, to, text}`
 */
export function inboundText(body: JsonObject): JsonObject {
  const [from, to, text] = ['from', 'to', 'text'].map((name) => textAt(body, name));
  if (from === undefined || to === undefined || text === undefined) {
    throw invalid('Send {"from": "+1…", "to": "+1…", "text": "…"}: who texts, to which number, and what.');
  }
  return {
    originationNumber: from,
    destinationNumber: to,
    messageKeyword: 'KEYWORD_LOCAL',
    messageBody: text,
    inboundMessageId: randomUUID(),
    previousPublishedMessageId: '',
  };
}
