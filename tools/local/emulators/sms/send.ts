import { randomUUID } from 'node:crypto';
import { type JsonObject, LOCAL, textAt } from '#tools/local/template/index.ts';
import { invalidText, unknownIdentity } from './errors.ts';
import type { SentText, SentTexts } from './messages.ts';

const IDENTITY = new RegExp(
  `^arn:${LOCAL.partition}:sms-voice:${LOCAL.region}:${LOCAL.account}:(phone-number|pool|sender-id)/.+$`,
);

/**
 * `SendTextMessage`: keeps what would have been sent. It checks what the service checks before it takes a text; like
 * the service it has no client token, so the same request twice is two texts.
 */
export function sendTextMessage(
  texts: SentTexts,
  request: JsonObject,
): { answer: JsonObject; text: SentText } {
  const to = textAt(request, 'DestinationPhoneNumber') ?? '';
  const from = textAt(request, 'OriginationIdentity') ?? '';
  const content = textAt(request, 'MessageBody') ?? '';
  const type = textAt(request, 'MessageType') ?? 'TRANSACTIONAL';
  if (!/^\+?[1-9][0-9]{1,18}$/.test(to)) {
    throw invalidText('INVALID_PARAMETER', 'DestinationPhoneNumber', 'The destination is not in E.164.');
  }
  if (content.length < 1 || content.length > 1_600) {
    throw invalidText('INVALID_PARAMETER', 'MessageBody', 'The body has 1 to 1,600 characters.');
  }
  if (type !== 'TRANSACTIONAL' && type !== 'PROMOTIONAL') {
    throw invalidText('INVALID_PARAMETER', 'MessageType', 'The type is TRANSACTIONAL or PROMOTIONAL.');
  }
  // Which numbers may send is not known here: every well-formed one may.
  if (!/^\+[1-9][0-9]{6,14}$/.test(from) && !IDENTITY.test(from)) throw unknownIdentity(from);
  const text = { messageId: randomUUID(), at: new Date().toISOString(), from, to, content, type };
  texts.add(text);
  return { answer: { MessageId: text.messageId }, text };
}
