import { split } from 'split-sms';
import type { MessageEncoding } from '#core/messages/message.ts';

/** How a text is sent over the air. */
export interface Segments {
  /** How many parts the text is sent and charged as. */
  segments: number;
  /** One character outside the GSM alphabet makes the whole text UCS-2, with 70 instead of 160 characters in a part. */
  encoding: MessageEncoding;
}

/**
 * Counts the parts of a text according to 3GPP TS 23.038 and 23.040. One part has 160 GSM characters (a character of the
 * extension table counts as two) or 70 UCS-2 characters. With several parts, each has 153 or 67. No part ends within a
 * character.
 */
export function countSegments(content: string): Segments {
  const { characterSet, parts } = split(content, { summary: true });
  return { segments: parts.length, encoding: characterSet === 'GSM' ? 'GSM-7' : 'UCS-2' };
}
