import { type ConnectNumber, type ConnectState, numberArn } from '#tools/local/emulators/index.ts';
import { LOCAL } from '#tools/local/template/index.ts';
import { stableId } from './agents.ts';

/** 555-0110 to 555-0121 of Ottawa are reserved for fiction. */
const FIRST = 110;
const COUNT = 12;

/** The flow for direct numbers. ConnectSetup creates it. */
const FLOW = `${LOCAL.stack} extension-transfer`;

/** The same twelve direct numbers at every start, claimed and without a flow. */
export function demoNumbers(): ConnectNumber[] {
  return Array.from({ length: COUNT }, (_, index) => {
    const PhoneNumber = `+16135550${FIRST + index}`;
    const Id = stableId(PhoneNumber);
    const Description = 'Direct number';
    return { Id, Arn: numberArn(Id), PhoneNumber, Country: 'CA', Type: 'DID', Description, Tags: {} };
  });
}

/** Associates the direct numbers with their flow, as an administrator does after the deployment. */
export function associateDemoNumbers({ numbers, flows }: ConnectState): void {
  const flow = flows.all().find(({ Name }) => Name === FLOW);
  if (!flow) return;
  for (const { Id } of demoNumbers()) {
    const number = numbers.get(Id);
    if (number) numbers.put({ ...number, ContactFlowId: flow.Id });
  }
}
