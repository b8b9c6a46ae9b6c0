import type { ConnectCalls } from './connect.ts';
import { describeFlow } from './flow-store.ts';
import { flowOfNumber, type PhoneNumber, pointNumber } from './numbers.ts';
import { giveBackNumber, rememberFormerFlow } from './previous-flow.ts';

/** The stack's flow that answers calls. */
interface InboundFlow {
  id: string;
  arn: string;
  /** What it carried before this run; empty when it is new. */
  tags: Record<string, string>;
}

/**
 * Points the number that the stack names at its inbound flow. A number that somebody pointed elsewhere is left there, as a
 * flow is that somebody changed; one that no flow answers is pointed in any case.
 *
 * @param number `GONE`: it was given back in Connect since the stack named it first
 * @param take whether to point it wherever it points: it is new to the stack, or the stack is told to
 * @returns what became of it, in words
 */
export async function useNumber(
  calls: ConnectCalls,
  number: PhoneNumber | 'GONE' | undefined,
  inbound: InboundFlow,
  take: boolean,
): Promise<string> {
  if (number === undefined) return 'none';
  if (number === 'GONE') {
    return 'not pointed: PhoneNumberId is not a number of the instance any more; name another one, or none';
  }
  const before = await flowOfNumber(calls, number);
  if (before === inbound.id) return 'points at the inbound flow';
  if (before !== undefined && !take) {
    const answering = await describeFlow(calls, before);
    if (answering) {
      return (
        `left at the flow ${before} ("${answering.name}"), where somebody pointed it; ` +
        'point it at the inbound flow in Amazon Connect, or update the stack with OverwriteFlows=true'
      );
    }
  }
  await rememberFormerFlow(calls, inbound, number, before);
  await pointNumber(calls, number, inbound.id);
  return before === undefined
    ? 'points at the inbound flow now; it pointed at none'
    : `points at the inbound flow now; it pointed at the flow ${before}`;
}

/** Unless somebody has pointed it elsewhere meanwhile. */
export async function letFormerNumberGo(
  calls: ConnectCalls,
  former: PhoneNumber | undefined,
  inbound: InboundFlow,
): Promise<void> {
  if (former && (await flowOfNumber(calls, former)) === inbound.id) {
    await giveBackNumber(calls, former, inbound.tags);
  }
}
