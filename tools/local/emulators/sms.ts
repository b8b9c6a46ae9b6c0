import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type JsonObject, textAt } from '#tools/json.ts';
import { sendJson } from '#tools/local/http.ts';
import { LOCAL } from '#tools/local/template/index.ts';
import { invalid, ServiceError } from './errors.ts';
import type { Fault } from './faults.ts';
import { createSentTexts, type SentText, type SentTexts } from './sent-texts.ts';

export type { SentText } from './sent-texts.ts';

/** Where a developer reads what was sent, and texts back. */
export const SMS_PATH = '/_sms';

export const SEND_TEXT = 'SendTextMessage';

export interface SmsOptions {
  dataDir: string | undefined;
  /** Receives each text that is sent. */
  onText: (text: SentText) => void;
  /** Receives what End User Messaging would publish for an inbound text. */
  onInboundText: (message: JsonObject) => void;
}

export interface SmsEmulator {
  texts: SentTexts;
  /** Answers a request in AWS JSON 1.0. */
  answer(target: string, body: JsonObject, response: ServerResponse, fault: Fault | undefined): void;
  /** Answers a developer. */
  manage(request: IncomingMessage, response: ServerResponse, path: string, body: JsonObject): void;
}

/** An emulator for AWS End User Messaging (PinpointSMSVoiceV2): nothing leaves the machine. */
export function createSmsEmulator({ dataDir, onText, onInboundText }: SmsOptions): SmsEmulator {
  const texts = createSentTexts(dataDir);
  return {
    texts,
    answer(target, body, response, fault) {
      if (target !== `PinpointSMSVoiceV2.${SEND_TEXT}`) {
        const message = `Only ${SEND_TEXT} is known here, not ${target}.`;
        throw new ServiceError(400, 'UnknownOperationException', message);
      }
      const { answer, text } = sendTextMessage(texts, body);
      onText(text);
      if (fault?.fault === 'answer-lost') response.destroy();
      else sendJson(response, 200, answer, { 'content-type': 'application/x-amz-json-1.0' });
    },
    manage(request, response, path, body) {
      if (path === SMS_PATH && request.method === 'GET') {
        return sendJson(response, 200, { messages: texts.all() });
      }
      if (path === `${SMS_PATH}/inbound` && request.method === 'POST') {
        const message = createInboundMessage(body);
        onInboundText(message);
        return sendJson(response, 202, message);
      }
      throw invalid(`Here are GET ${SMS_PATH} and POST ${SMS_PATH}/inbound.`);
    },
  };
}

/** One line for the terminal, which says neither what was sent nor to whom. */
export function formatTextLine({ from, to, content }: SentText): string {
  return `Text       from ${from} to ${maskNumber(to)}, ${content.length} characters (GET ${SMS_PATH} shows it)`;
}

/** Enough to tell two recipients apart, too little to call one. */
function maskNumber(number: string): string {
  return `${number.slice(0, 3)}…${number.slice(-2)}`;
}

/** AWS JSON 1.0: what the caller did wrong is 400, whatever it was; the name tells. */
export const invalidText = (reason: string, field: string, message: string) =>
  new ServiceError(400, 'ValidationException', message, {
    Reason: reason,
    Fields: [{ Name: field, Message: message }],
  });
export const unknownIdentity = (id: string) =>
  new ServiceError(400, 'ResourceNotFoundException', 'There is no such origination identity.', {
    ResourceType: 'phone-number',
    ResourceId: id,
  });

/** The errors that faults stand for, as this service answers them. */
export const SMS_FAULTS = {
  throttled: () => new ServiceError(400, 'ThrottlingException', 'Rate exceeded'),
  internal: () => new ServiceError(500, 'InternalServerException', 'Request processing failed'),
  denied: () =>
    new ServiceError(400, 'AccessDeniedException', 'The role is not authorized to perform this operation.', {
      Reason: 'INSUFFICIENT_ACCOUNT_REPUTATION',
    }),
};

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

/**
 * A text that a person sends to a number of ours, as End User Messaging publishes it to the topic of two-way SMS.
 *
 * @param body `{from, to, text}`
 */
export function createInboundMessage(body: JsonObject): JsonObject {
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
