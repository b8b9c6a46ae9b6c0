/**
 * The flow itself is wrong: it names what is not there or what Connect does not know. A call that meets one ends
 * with it; the message says what to mend and holds nothing of the caller.
 */
export class FlowError extends Error {
  override readonly name = 'FlowError';
}
