import type { Connect } from '#core/connect/connect.ts';
import type { ConnectFlow } from '#core/connect/contact-flows.ts';
import {
  associateLambdaFunction,
  disassociateLambdaFunction,
  listLambdaFunctions,
} from '#core/connect/lambda-functions.ts';
import { type PhoneNumberReference, phoneNumberReference } from '#core/connect/phone-numbers.ts';
import {
  computeFlowRevision,
  type FlowName,
  type FlowValues,
  renderFlow,
  SHIPPED_FLOWS,
} from '#core/flows/index.ts';
import { FIRST_SYNC_OUTPUTS, type StartFunction } from './first-sync.ts';
import { requireInstance } from './instance.ts';
import { pointMainNumber, releasePreviousNumber } from './main-number.ts';
import { checkPreconditions } from './preflight.ts';
import type { SetupProperties } from './properties.ts';
import type { Queues } from './queues.ts';
import { type WrittenFlow, writeFlow } from './write-flow.ts';

/** The outputs of the stack. */
export interface SetupOutputs {
  InboundFlowArn: string;
  InboundFlowName: string;
  /** The flows that were kept because a person changed them, and what to do; or `none`. */
  FlowsKept: string;
  FlowsRevision: string;
  /** Where the number of PhoneNumberId points. */
  PhoneNumber: string;
  FirstSync: string;
}

/** What an earlier request of the same stack set up, as far as this request has to undo it. */
export interface PreviousSetup {
  functions: string[];
  phoneNumber: PhoneNumberReference | undefined;
}

/**
 * Sets up an instance: functions, flows, the first sync, the number. It reads everything first, so that it finds what is
 * wrong before it changes anything. Every change can be repeated.
 *
 * @param onStart called before the first change, with whether the instance has no flow of the stack
 * @throws {ConfigurationError} with a reason that says what to do
 * @throws {UnavailableError} when Connect does not answer, or not in time
 */
export async function installSetup(
  connect: Connect,
  properties: SetupProperties,
  previous: PreviousSetup,
  startFunction: StartFunction,
  onStart: (isNewInstance: boolean) => void = () => undefined,
): Promise<SetupOutputs> {
  const { instance, functions, phoneNumber, overwriteFlows } = properties;
  const { queues, number, current, tagged } = await checkPreconditions(
    connect,
    properties,
    previous.phoneNumber,
  );

  onStart(tagged.length === 0);
  const wanted = Object.values(functions);
  const associated = await associateFunctions(connect, wanted);
  const written = await writeFlows(connect, properties, queues, current);
  const inboundFlow = written.get('inbound');
  if (!inboundFlow) throw new Error('No inbound flow is shipped.');
  const firstSync = await startFunction(properties.syncFunctionArn);
  const obsolete = previous.functions.filter((arn) => associated.has(arn) && !wanted.includes(arn));
  const needed = await disassociateObsolete(connect, obsolete, written);
  const isNewNumber = previous.phoneNumber?.id !== phoneNumberReference(phoneNumber, instance.arn)?.id;
  const inbound = { ...inboundFlow, tags: current.get('inbound')?.tags ?? {} };
  if (isNewNumber) await releasePreviousNumber(connect, previous.phoneNumber, inbound);
  return {
    InboundFlowArn: inbound.arn,
    InboundFlowName: inbound.name,
    FlowsKept: describeKeptFlows(written, needed),
    FlowsRevision: computeFlowRevision(),
    PhoneNumber: await pointMainNumber(connect, number, inbound, isNewNumber || overwriteFlows),
    FirstSync: FIRST_SYNC_OUTPUTS[firstSync],
  };
}

/** @returns the functions that were associated before */
async function associateFunctions(connect: Connect, wanted: string[]): Promise<Set<string>> {
  const associated = new Set(await requireInstance(listLambdaFunctions(connect)));
  for (const arn of wanted) if (!associated.has(arn)) await associateLambdaFunction(connect, arn);
  return associated;
}

/**
 * Runs after the flows name the new functions.
 *
 * @returns the functions that stay associated, because a flow that was kept names them
 */
async function disassociateObsolete(
  connect: Connect,
  obsolete: string[],
  written: Map<FlowName, WrittenFlow>,
): Promise<string[]> {
  const isNeeded = (arn: string) => [...written.values()].some(({ content }) => content.includes(arn));
  for (const arn of obsolete) if (!isNeeded(arn)) await disassociateLambdaFunction(connect, arn);
  return obsolete.filter(isNeeded);
}

/** The placeholder by which later flows name a flow. */
const PLACEHOLDERS: Partial<Record<FlowName, keyof FlowValues>> = {
  'agent-queue': 'AgentQueueFlowArn',
  'extension-transfer': 'ExtensionTransferFlowArn',
  'dial-by-name': 'DialByNameFlowArn',
};

async function writeFlows(
  connect: Connect,
  properties: SetupProperties,
  { operatorArn, vipArn }: Queues,
  current: Map<FlowName, ConnectFlow>,
): Promise<Map<FlowName, WrittenFlow>> {
  const { stackName, functions, agentRingSeconds, defaultLanguage, overwriteFlows } = properties;
  let values: FlowValues = {
    ...functions,
    OperatorQueueArn: operatorArn,
    VipQueueArn: vipArn,
    AgentRingSeconds: agentRingSeconds,
    StackName: stackName,
    DefaultLanguage: defaultLanguage,
  };
  const written = new Map<FlowName, WrittenFlow>();
  for (const shipped of SHIPPED_FLOWS) {
    const content = renderFlow(shipped.source, values);
    const wanted = { shipped, stackName, content, overwrite: overwriteFlows };
    const flow = await writeFlow(connect, wanted, current.get(shipped.name));
    written.set(shipped.name, flow);
    const placeholder = PLACEHOLDERS[shipped.name];
    if (placeholder) values = { ...values, [placeholder]: flow.arn };
  }
  return written;
}

/** @param needed functions of an earlier version that only these flows name */
function describeKeptFlows(written: Map<FlowName, WrittenFlow>, needed: string[]): string {
  const kept = [...written.values()].filter(({ outcome }) => outcome === 'KEPT');
  if (kept.length === 0) return 'none';
  const names = kept.map(({ name }) => name).join(', ');
  const advice = `${names}: changed by hand, so left alone. To replace them with the shipped ones, update the stack with OverwriteFlows=true.`;
  if (needed.length === 0) return advice;
  return `${advice} They name functions that this version does not have any more. Remove those from the instance afterwards: ${needed.join(', ')}.`;
}
