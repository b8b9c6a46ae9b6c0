import { split } from 'split-sms';
import type { MessageEncoding } from '#core/messages/message.ts';

/** As what a text goes over the air. */
export interface Segments {
  /** How many parts it is sent, and charged, as. */
  segments: number;
  /** One character outside the GSM alphabet makes the whole text UCS-2, with 70 instead of 160 characters a part. */
  encoding: MessageEncoding;
}

/**
 * Counts the parts of a text as 3GPP TS 23.038 and 23.040 say: 160 GSM characters (those of the extension table take
 * two) or 70 of UCS-2; in a text of several parts 153 or 67, and no part ends within a character.
 */
export function countSegments(content: string): Segments {
  const { characterSet, parts } = split(content, { summary: true });
  return { segments: parts.length, encoding: characterSet === 'GSM' ? 'GSM-7' : 'UCS-2' };
}
