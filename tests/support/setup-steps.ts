import type { ConnectFlow } from '#tools/local/emulators/connect/flows.ts';
import { MAIN_NUMBER } from '#tools/local/emulators/connect/numbers.ts';
import { SETUP_PROPERTIES } from './custom-resource.ts';
import type { RunOptions, SetupWorld } from './setup-world.ts';

/** The part of a snapshot after a removal. */
export const REMOVED = { flows: [], lambdas: [] };
const WRITES = /^(Create|Update|Delete|Tag|Associate|Disassociate)/;

/** The operations of a Create with a number. */
export const OPERATIONS = [
  'DescribeInstance',
  'ListQueues',
  'DescribePhoneNumber',
  'ListContactFlows',
  'SearchContactFlows',
  'ListLambdaFunctions',
  'AssociateLambdaFunction',
  'CreateContactFlow',
  'DescribeContactFlow',
  'TagResource',
  'BatchGetFlowAssociation',
  'AssociatePhoneNumberContactFlow',
];

export const FOREIGN: ConnectFlow = {
  Id: 'foreign',
  Arn: `${SETUP_PROPERTIES.ConnectInstanceArn}/contact-flow/foreign`,
  Name: 'Another flow',
  Type: 'CONTACT_FLOW',
  State: 'ACTIVE',
  Status: 'PUBLISHED',
  Description: '',
  Content: '{}',
  Tags: {},
};

/** What tests of the setup change and read in the current world. */
export function setupSteps(current: () => SetupWorld) {
  const instance = () => current().state;
  const mainNumber = () => instance().numbers.get(SETUP_PROPERTIES.PhoneNumberId);
  const flowNamed = (name: string): ConnectFlow => {
    const flow = instance()
      .flows.all()
      .find(({ Name }) => Name === `switchboard ${name}`);
    if (!flow) throw new Error(`There is no flow ${name}.`);
    return flow;
  };
  /** Points the number by hand; undefined: at no flow. */
  const pointMainNumber = (flowId: string | undefined) => {
    const { ContactFlowId: _, ...number } = mainNumber() ?? MAIN_NUMBER;
    instance().numbers.put(flowId === undefined ? number : { ...number, ContactFlowId: flowId });
  };
  const flowOfId = (id: string) => instance().flows.get(id);
  return {
    mainNumber,
    flowNamed,
    flowOfId,
    writes: () => current().requests.filter((operation) => WRITES.test(operation)),
    update: (properties: object = {}, old: object = {}, options: RunOptions = {}) =>
      current().run(
        {
          type: 'Update',
          properties: { ...SETUP_PROPERTIES, ...properties },
          oldProperties: { ...SETUP_PROPERTIES, ...old },
        },
        options,
      ),
    pointMainNumber,
    /** Points it at a flow that the stack did not create. */
    pointMainNumberElsewhere() {
      instance().flows.put(FOREIGN);
      pointMainNumber(FOREIGN.Id);
    },
    /** Copies a flow, by its name or ID, to another ID. */
    copy(nameOrId: string, parts: Partial<ConnectFlow>): ConnectFlow {
      const Id = 'copy';
      const Arn = `${SETUP_PROPERTIES.ConnectInstanceArn}/contact-flow/${parts.Id ?? Id}`;
      const copied = { ...(flowOfId(nameOrId) ?? flowNamed(nameOrId)), Id, Arn, ...parts };
      instance().flows.put(copied);
      return copied;
    },
    change: (name: string, parts: Partial<ConnectFlow>) =>
      instance().flows.put({ ...flowNamed(name), ...parts }),
  };
}

export const edited = (content: string) =>
  content.replace('"FlowLoggingBehavior":"Disabled"', '"FlowLoggingBehavior":"Enabled"');
