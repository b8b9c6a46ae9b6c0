import type { Connect } from '#core/connect/connect.ts';
import { type ConnectFlow, deleteContactFlow } from '#core/connect/contact-flows.ts';
import { isPermanent } from '#core/connect/errors.ts';
import { disassociateLambdaFunction, listLambdaFunctions } from '#core/connect/lambda-functions.ts';
import { getFlowOfNumber, type PhoneNumberReference } from '#core/connect/phone-numbers.ts';
import { FLOW_TAGS } from '#core/connect/tags.ts';
import { SHIPPED_FLOWS } from '#core/flows/index.ts';
import { describeError } from '#core/platform/errors.ts';
import { logger } from '#core/platform/observability.ts';
import { isInstanceGone, requireInstance } from './instance.ts';
import { restorePreviousFlow } from './previous-flow.ts';
import { findStackFlows } from './stack-flows.ts';

/** What a stack may have set up in an instance. */
export interface StackSetup {
  stackName: string;
  functions: string[];
  phoneNumber: PhoneNumberReference | undefined;
}

/**
 * Removes what the stack set up, and nothing else: the number, if it points at a flow of the stack; the flows; the
 * associations of the functions. It never fails: a stack that cannot be deleted is worse than a flow that remains.
 *
 * @returns what remains, for the person who deletes the stack; undefined when nothing does
 */
export async function removeSetup(connect: Connect, setup: StackSetup): Promise<string | undefined> {
  const steps = createRemovalSteps();
  let flows: ConnectFlow[] = [];
  await steps.run(`the flows of ${setup.stackName}`, async () => {
    flows = inRemovalOrder((await findStackFlows(connect, setup.stackName)).tagged);
  });
  const { phoneNumber } = setup;
  if (phoneNumber && flows.length > 0) {
    await steps.run(`the phone number ${phoneNumber.id}`, async () => {
      const answering = await getFlowOfNumber(connect, phoneNumber);
      const flow = flows.find(({ id }) => id === answering);
      if (flow) await restorePreviousFlow(connect, phoneNumber, flow.tags);
    });
  }
  for (const { id, name } of flows)
    await steps.run(`the flow "${name}"`, () => deleteContactFlow(connect, id));
  let associated: string[] = [];
  await steps.run("the functions' associations", async () => {
    associated = await requireInstance(listLambdaFunctions(connect));
  });
  for (const arn of setup.functions.filter((one) => associated.includes(one))) {
    await steps.run(`the association of ${arn}`, () => disassociateLambdaFunction(connect, arn));
  }
  return steps.note();
}

/** The reverse order of creation: flows that name others come before those that they name. */
function inRemovalOrder(flows: ConnectFlow[]): ConnectFlow[] {
  const position = ({ tags }: ConnectFlow) =>
    SHIPPED_FLOWS.findIndex(({ name }) => name === tags[FLOW_TAGS.flow]);
  return flows.toSorted((a, b) => position(b) - position(a));
}

/** Steps of which each may fail. After an error that later steps would meet too, they are skipped. */
function createRemovalSteps() {
  const remaining: string[] = [];
  let end: 'INSTANCE_GONE' | 'SKIPPED' | undefined;
  return {
    async run(what: string, work: () => Promise<void>): Promise<void> {
      if (end === 'INSTANCE_GONE') return;
      if (end === 'SKIPPED') {
        remaining.push(what);
        return;
      }
      try {
        await work();
      } catch (error) {
        if (isInstanceGone(error)) {
          end = 'INSTANCE_GONE';
          return;
        }
        if (isPermanent(error)) end = 'SKIPPED';
        logger.warn('not removed', { what, error: describeError(error) });
        remaining.push(what);
      }
    },
    note(): string | undefined {
      if (end === 'INSTANCE_GONE') {
        return 'The Connect instance does not exist any more, so there was nothing to remove.';
      }
      return remaining.length === 0
        ? undefined
        : `Left in Amazon Connect, remove by hand: ${remaining.join(', ')}.`;
    },
  };
}
