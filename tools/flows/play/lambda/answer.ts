import { isUtf8 } from 'node:buffer';
import { isObject } from '#tools/json.ts';

/** Connect's limit for a response. */
const LIMIT_BYTES = 32 * 1024;
const KEY = /^[A-Za-z0-9_-]+$/;

/** The object for `$.External`, or the reason why the flow takes the error branch. */
export type CheckedAnswer =
  | { accepted: true; answer: Record<string, unknown> }
  | { accepted: false; why: string };

/**
 * Validates a response as Connect does. STRING_MAP requires a flat object of strings with keys of letters, digits, `_`,
 * and `-`. JSON allows any object. Both must be UTF-8 and smaller than 32 KB.
 */
export function validateAnswer(payload: Uint8Array, responseType: 'STRING_MAP' | 'JSON'): CheckedAnswer {
  if (payload.byteLength >= LIMIT_BYTES) {
    return refused(`the answer has ${payload.byteLength} bytes; it must be smaller than 32 KB`);
  }
  if (!isUtf8(payload)) return refused('the answer is not UTF-8');
  const answer = parse(new TextDecoder().decode(payload));
  if (answer === undefined) return refused('the answer is not JSON');
  if (!isObject(answer)) return refused(`the answer is ${kindOf(answer)}, not an object`);
  if (responseType === 'JSON') return { accepted: true, answer };
  for (const [key, value] of Object.entries(answer)) {
    if (!KEY.test(key))
      return refused('the answer has a key with other characters than letters, digits, _ and -');
    if (typeof value !== 'string') return refused(`the value of "${key}" is ${kindOf(value)}, not a string`);
  }
  return { accepted: true, answer };
}

function refused(why: string): CheckedAnswer {
  return { accepted: false, why };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
