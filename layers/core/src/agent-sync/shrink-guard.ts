import type { AcceptShrink } from './event.ts';

/**
 * The shrink guard rejects a response of Connect that lacks most of what the directory has: such a response is more
 * likely a fault than the truth. A person can accept it.
 */
const MAX_SHRINK_SHARE = 0.2;

/** Whether `part` is more than 20 % of `all`. One alone is always allowed. */
export function exceedsShrinkLimit(part: number, all: number): boolean {
  return part > 1 && part > all * MAX_SHRINK_SHARE;
}

/** Whether a person accepts that agents or numbers shrink. Accepting one does not accept the other. */
export function acceptsShrink(acceptShrink: AcceptShrink, kind: 'agents' | 'numbers'): boolean {
  return acceptShrink === true || acceptShrink === kind;
}

/** The message of a rejected response: the reason, the consequence, and how to accept the response. */
export function explainShrink(warning: string, kind: 'agents' | 'numbers'): string {
  const consequence = kind === 'agents' ? 'nothing was changed' : 'no direct number was changed';
  return `${warning}, so ${consequence}. If this is correct, invoke the function with {"acceptShrink": "${kind}"}.`;
}
