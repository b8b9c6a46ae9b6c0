import { SHIPPED_FLOWS } from '#core/flows/index.ts';
import { describeError } from '#core/platform/errors.ts';
import { logger } from '#core/platform/observability.ts';
import { type ConnectCalls, isHopeless } from './connect.ts';
import { deleteFlow, type FoundFlow, TAGS } from './flow-store.ts';
import { disassociateFunction, listFunctions } from './functions.ts';
import { isInstanceGone } from './instance.ts';
import { flowOfNumber, type PhoneNumber } from './numbers.ts';
import { giveBackNumber } from './previous-flow.ts';
import { findFlows } from './stack-flows.ts';

/** What a stack may have made in an instance. */
export interface Made {
  stackName: string;
  functions: string[];
  phoneNumber: PhoneNumber | undefined;
}

/**
 * Takes back what the stack made and nothing else: the number, if it still points at our flow; our flows, the ones
 * that name others first; our functions' associations. It never fails: a stack that cannot be removed is worse than
 * a flow left behind.
 *
 * @returns what had to be left, in words; undefined when nothing was
 */
export async function remove(calls: ConnectCalls, made: Made): Promise<string | undefined> {
  const steps = createSteps();
  let flows: FoundFlow[] = [];
  await steps.run(`the flows of ${made.stackName}`, async () => {
    flows = lastFirst((await findFlows(calls, made.stackName)).tagged);
  });
  const { phoneNumber } = made;
  if (phoneNumber && flows.length > 0) {
    await steps.run(`the phone number ${phoneNumber.id}`, async () => {
      const answering = await flowOfNumber(calls, phoneNumber);
      const flow = flows.find(({ id }) => id === answering);
      if (flow) await giveBackNumber(calls, phoneNumber, flow.tags);
    });
  }
  for (const { id, name } of flows) await steps.run(`the flow "${name}"`, () => deleteFlow(calls, id));
  let known: string[] = [];
  await steps.run("the functions' associations", async () => {
    known = await listFunctions(calls);
  });
  for (const arn of made.functions.filter((one) => known.includes(one))) {
    await steps.run(`the association of ${arn}`, () => disassociateFunction(calls, arn));
  }
  return steps.left();
}

/** Those that name others before those that are named: the order of creation, backwards. */
function lastFirst(flows: FoundFlow[]): FoundFlow[] {
  const place = ({ tags }: FoundFlow) => SHIPPED_FLOWS.findIndex(({ name }) => name === tags[TAGS.flow]);
  return flows.toSorted((a, b) => place(b) - place(a));
}

/** Steps of which each may fail; after one that makes all others hopeless, they are not tried. */
function createSteps() {
  const left: string[] = [];
  let end: { gone: boolean } | undefined;
  return {
    async run(what: string, work: () => Promise<void>): Promise<void> {
      if (end) {
        if (!end.gone) left.push(what);
        return;
      }
      try {
        await work();
      } catch (error) {
        const gone = isInstanceGone(error);
        if (gone || isHopeless(error)) end = { gone };
        if (gone) return;
        logger.warn('left behind', { what, error: describeError(error) });
        left.push(what);
      }
    },
    left(): string | undefined {
      if (end?.gone)
        return 'The Connect instance does not exist any more, so there was nothing to take back.';
      return left.length === 0 ? undefined : `Left in Amazon Connect, remove by hand: ${left.join(', ')}.`;
    },
  };
}
