import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type JsonObject, textAt } from '#tools/json.ts';
import { sendJson } from '#tools/local/http.ts';
import { LOCAL } from '#tools/local/template/index.ts';
import { invalid, ServiceError } from './errors.ts';
import type { Fault } from './faults.ts';
import { createSentTexts, type SentText, type SentTexts } from './sent-texts.ts';

export type { SentText } from './sent-texts.ts';

/** The paths where developers read sent texts and reply. */
export const SMS_PATH = '/_sms';

export const SEND_TEXT = 'SendTextMessage';

export interface SmsOptions {
  dataDir: string | undefined;
  /** Receives each text that is sent. */
  onText: (text: SentText) => void;
  /** Receives the message that End User Messaging publishes for an inbound text. */
  onInboundText: (message: JsonObject) => void;
}

export interface SmsEmulator {
  texts: SentTexts;
  /** Handles a request in AWS JSON 1.0. */
  answer(target: string, body: JsonObject, response: ServerResponse, fault: Fault | undefined): void;
  /** Handles a request of a developer. */
  manage(request: IncomingMessage, response: ServerResponse, path: string, body: JsonObject): void;
}

/** An emulator for AWS End User Messaging (PinpointSMSVoiceV2). It sends no texts. */
export function createSmsEmulator({ dataDir, onText, onInboundText }: SmsOptions): SmsEmulator {
  const texts = createSentTexts(dataDir);
  return {
    texts,
    answer(target, body, response, fault) {
      if (target !== `PinpointSMSVoiceV2.${SEND_TEXT}`) {
        const message = `The emulator supports only ${SEND_TEXT}, not ${target}.`;
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

/** Formats a text for the terminal, without its content and recipient. */
export function formatTextLine({ from, to, content }: SentText): string {
  return `Text       from ${from} to ${maskNumber(to)}, ${content.length} characters (GET ${SMS_PATH} shows it)`;
}

/** Masks a recipient. */
function maskNumber(number: string): string {
  return `${number.slice(0, 3)}…${number.slice(-2)}`;
}

/** In AWS JSON 1.0, all client errors have the status 400. */
export const invalidText = (reason: string, field: string, message: string) =>
  new ServiceError(400, 'ValidationException', message, {
    Reason: reason,
    Fields: [{ Name: field, Message: message }],
  });
export const unknownIdentity = (id: string) =>
  new ServiceError(400, 'ResourceNotFoundException', 'The origination identity does not exist.', {
    ResourceType: 'phone-number',
    ResourceId: id,
  });

/** The errors of this service by fault. */
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
 * `SendTextMessage`: validates a text as the service does, and stores it. Like the service, it has no client token, so two
 * equal requests are two texts.
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
  // The emulator does not know which numbers can send. It accepts every valid one.
  if (!/^\+[1-9][0-9]{6,14}$/.test(from) && !IDENTITY.test(from)) throw unknownIdentity(from);
  const text = { messageId: randomUUID(), at: new Date().toISOString(), from, to, content, type };
  texts.add(text);
  return { answer: { MessageId: text.messageId }, text };
}

/**
 * Publishes an inbound text as End User Messaging does for two-way SMS.
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
