import { PinpointSMSVoiceV2Client, SendTextMessageCommand } from '@aws-sdk/client-pinpoint-sms-voice-v2';
import { clientSettings } from '#core/platform/client-settings.ts';
import { withTimeLimit } from '#core/platform/resilience/deadline.ts';
import { type LostReason, outcomeOf, type SendOutcome } from './outcome.ts';

/** One text, in the clear, on its way out. */
export interface Text {
  /** Of the message; says nothing about the recipient. */
  ulid: string;
  /** A number of ours. */
  from: string;
  to: string;
  content: string;
}

/** Hands a text to the provider, once. Never throws: what went wrong is the outcome. */
export type SendText = (text: Text) => Promise<SendOutcome>;

/** The value of SmsOriginationIdentity by which each text is sent from the number that its message names. */
export const FROM_NUMBER = 'FROM_NUMBER';

const CONNECT_MS = 2_000;
/** Until the answer begins, and of all of it: an answer may begin and never end. */
const LIMITS = { requestMs: 10_000, wholeMs: 15_000 };

/**
 * The sender that is configured: AWS End User Messaging.
 *
 * @param identity `FROM_NUMBER`, or the ARN of a pool, a phone number or a sender id
 * @param limits a test has less time
 */
export function createSender(identity: string, { requestMs, wholeMs } = LIMITS): SendText {
  const settings = clientSettings('PINPOINT_SMS_VOICE_V2', requestMs);
  const client = new PinpointSMSVoiceV2Client({
    ...settings,
    // A request that is sent again is a second text.
    maxAttempts: 1,
    requestHandler: {
      ...settings.requestHandler,
      connectionTimeout: CONNECT_MS,
      // Its error could not be told from the one for no connection; the time limits of the request suffice.
      socketTimeout: 0,
      // A connection that the other side closed meanwhile would break under a text, which were then UNKNOWN.
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
      // Comes back in the events of delivery.
      Context: { switchboardMessage: ulid },
    });
    try {
      const { MessageId } = await withTimeLimit(wholeMs, (abortSignal) =>
        client.send(command, { abortSignal }),
      );
      // Whoever answered like this is not the service.
      if (MessageId === undefined) return { kind: 'LOST', reason: 'UNREADABLE_ANSWER' satisfies LostReason };
      return { kind: 'SENT', providerMessageId: MessageId };
    } catch (error) {
      return outcomeOf(error);
    }
  };
}
