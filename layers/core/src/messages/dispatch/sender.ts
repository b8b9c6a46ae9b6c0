import { PinpointSMSVoiceV2Client, SendTextMessageCommand } from '@aws-sdk/client-pinpoint-sms-voice-v2';
import { clientSettings } from '#core/platform/client-settings.ts';
import { withTimeLimit } from '#core/platform/resilience/deadline.ts';
import { outcomeOf, type SendOutcome, type UnknownReason } from './outcome.ts';

/** One text as the provider gets it. */
export interface Text {
  /** The message's ULID. It reveals nothing about the recipient. */
  ulid: string;
  from: string;
  to: string;
  content: string;
}

/** Gives a text to the provider, once. Never throws: an error becomes an outcome. */
export type SendText = (text: Text) => Promise<SendOutcome>;

/** The value of SmsOriginationIdentity that sends each text from the number that its message names. */
export const FROM_NUMBER = 'FROM_NUMBER';

const CONNECT_TIMEOUT_MS = 2_000;
/** `requestMs` is for the start of the response, `totalMs` for all of it: a response can start and never end. */
const SEND_TIMEOUTS = { requestMs: 10_000, totalMs: 15_000 };

/**
 * Creates the configured sender: AWS End User Messaging.
 *
 * @param identity `FROM_NUMBER`, or the ARN of a pool, a phone number, or a sender ID
 * @param timeouts a test passes shorter ones
 */
export function createSender(identity: string, { requestMs, totalMs } = SEND_TIMEOUTS): SendText {
  const settings = clientSettings('PINPOINT_SMS_VOICE_V2', requestMs);
  const client = new PinpointSMSVoiceV2Client({
    ...settings,
    // A request that is repeated is a second text.
    maxAttempts: 1,
    requestHandler: {
      ...settings.requestHandler,
      connectionTimeout: CONNECT_TIMEOUT_MS,
      // Its error looks like the one for a missing connection. The time limits of the request are enough.
      socketTimeout: 0,
      // An idle connection that the service closed would break during a text, which would then be UNKNOWN.
      httpAgent: { keepAlive: false },
      httpsAgent: { keepAlive: false },
    },
  });
  return async function sendText({ ulid, from, to, content }) {
    const command = new SendTextMessageCommand({
      DestinationPhoneNumber: to,
      OriginationIdentity: identity === FROM_NUMBER ? from : identity,
      MessageBody: content,
      MessageType: 'TRANSACTIONAL',
      // The delivery events carry it.
      Context: { switchboardMessage: ulid },
    });
    try {
      const { MessageId } = await withTimeLimit(totalMs, (abortSignal) =>
        client.send(command, { abortSignal }),
      );
      // The service always returns an ID, so this response came from something else, such as a proxy.
      if (MessageId === undefined) {
        return { kind: 'UNKNOWN', reason: 'UNREADABLE_RESPONSE' satisfies UnknownReason };
      }
      return { kind: 'SENT', providerMessageId: MessageId };
    } catch (error) {
      return outcomeOf(error);
    }
  };
}
