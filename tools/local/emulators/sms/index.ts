import type { IncomingMessage, ServerResponse } from 'node:http';
import { invalid } from '#tools/local/emulators/connect/errors.ts';
import type { Fault } from '#tools/local/emulators/faults.ts';
import { sendJson } from '#tools/local/http.ts';
import { ServiceError } from '#tools/local/service-error.ts';
import type { JsonObject } from '#tools/local/template/index.ts';
import { inboundText } from './inbound.ts';
import { createSentTexts, type SentText, type SentTexts } from './messages.ts';
import { sendTextMessage } from './send.ts';

export { SMS_FAULTS } from './errors.ts';
export type { SentText } from './messages.ts';

/** Where a developer reads what was sent, and texts back. */
export const SMS_PATH = '/_sms';

export const SEND_TEXT = 'SendTextMessage';

export interface SmsOptions {
  dataDir: string | undefined;
  /** Told of each text that is sent. */
  onText: (text: SentText) => void;
  /** Gets what End User Messaging would publish of a text that somebody sends. */
  onInboundText: (message: JsonObject) => void;
}

export interface Sms {
  texts: SentTexts;
  /** Answers a request in AWS JSON 1.0. */
  answer(target: string, body: JsonObject, response: ServerResponse, fault: Fault | undefined): void;
  /** Answers a developer. */
  manage(request: IncomingMessage, response: ServerResponse, path: string, body: JsonObject): void;
}

/** A stand-in for AWS End User Messaging (PinpointSMSVoiceV2): nothing leaves the machine. */
export function createSms({ dataDir, onText, onInboundText }: SmsOptions): Sms {
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
        const message = inboundText(body);
        onInboundText(message);
        return sendJson(response, 202, message);
      }
      throw invalid(`Here are GET ${SMS_PATH} and POST ${SMS_PATH}/inbound.`);
    },
  };
}

/** One line for the terminal, which says neither what was sent nor to whom. */
export function lineOf({ from, to, content }: SentText): string {
  return `Text       from ${from} to ${masked(to)}, ${content.length} characters (GET ${SMS_PATH} shows it)`;
}

/** Enough to tell two recipients apart, too little to call one. */
function masked(number: string): string {
  return `${number.slice(0, 3)}…${number.slice(-2)}`;
}
