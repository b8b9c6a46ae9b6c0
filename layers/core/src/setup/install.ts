import {
  type FlowName,
  type FlowValues,
  flowRevision,
  flowTitle,
  renderFlow,
  SHIPPED_FLOWS,
} from '../flows/index.ts';
import type { ConnectCalls } from './connect.ts';
import type { FoundFlow } from './flow-store.ts';
import { giveBackNumber, rememberFormerFlow } from './former-flow.ts';
import { associateFunction, disassociateFunction, listFunctions } from './functions.ts';
import { checkInstance } from './instance.ts';
import { findNumberAgain, flowOfNumber, namedNumber, type PhoneNumber, pointNumber } from './numbers.ts';
import { findFlows, refuseTakenNames } from './own-flows.ts';
import type { SetupProperties } from './properties.ts';
import { findQueues, type Queues } from './queues.ts';
import { FIRST_SYNC, type StartFunction } from './sync.ts';
import { type WrittenFlow, writeFlow } from './write-flow.ts';

/** What the stack's outputs show. */
export interface Installed {
  InboundFlowArn: string;
  InboundFlowName: string;
  /** Which flows were left as somebody changed them, and what to do; `none`. */
  FlowsKept: string;
  FlowsRevision: string;
  /** What became of the number that was asked for. */
  PhoneNumber: string;
  FirstSync: string;
}

/** What an earlier request of the same stack asked for, as far as it has to be undone when it is not wanted any more. */
export interface Earlier {
  functions: string[];
  phoneNumber: PhoneNumber | undefined;
}

/**
 * Sets an instance up: functions, flows, the first sync, the number. All questions come first, so that what is wrong
 * is found before anything is changed; every change is one that may be made again.
 *
 * @param onBegin called before the first change; whether the instance held no flow of the stack until then
 * @throws {ConfigurationError} with a reason that a person can act on
 * @throws {UnavailableError} when Connect does not answer, or in time
 */
export async function install(
  calls: ConnectCalls,
  properties: SetupProperties,
  earlier: Earlier,
  startFunction: StartFunction,
  onBegin: (untouched: boolean) => void = () => undefined,
): Promise<Installed> {
  const { instance, stackName, functions, phoneNumber } = properties;
  await checkInstance(calls);
  const queues = await findQueues(calls, properties);
  const number =
    phoneNumber === '' ? undefined : await findNumberAgain(calls, instance, phoneNumber, earlier.phoneNumber);
  const { own, tagged, taken } = await findFlows(calls, stackName);
  refuseTakenNames(taken);

  onBegin(tagged.length === 0);
  const known = await associateFunctions(calls, Object.values(functions));
  const written = await writeFlows(calls, properties, queues, own);
  const inbound = written.get('inbound');
  if (!inbound) throw new Error('No inbound flow is shipped.');
  const started = await startFunction(properties.syncFunctionArn);
  await disassociateFormer(calls, earlier.functions, { known, wanted: Object.values(functions), written });
  if (earlier.phoneNumber?.id !== namedNumber(phoneNumber, instance)?.id) {
    await letFormerNumberGo(calls, earlier.phoneNumber, inbound, own.get('inbound')?.tags ?? {});
  }
  return {
    InboundFlowArn: inbound.arn,
    InboundFlowName: flowTitle(stackName, 'inbound'),
    FlowsKept: keptFlows(stackName, written),
    FlowsRevision: flowRevision(),
    PhoneNumber: await useNumber(calls, number, inbound),
    FirstSync: FIRST_SYNC[started],
  };
}

/** @returns the functions that were associated before */
async function associateFunctions(calls: ConnectCalls, wanted: string[]): Promise<Set<string>> {
  const known = new Set(await listFunctions(calls));
  for (const arn of wanted) if (!known.has(arn)) await associateFunction(calls, arn);
  return known;
}

/** Not before the flows name the new ones; a flow that was left as somebody changed it may still name a former one. */
async function disassociateFormer(
  calls: ConnectCalls,
  earlier: string[],
  { known, wanted, written }: { known: Set<string>; wanted: string[]; written: Map<FlowName, WrittenFlow> },
): Promise<void> {
  if ([...written.values()].some(({ outcome }) => outcome === 'KEPT')) return;
  const gone = earlier.filter((arn) => known.has(arn) && !wanted.includes(arn));
  for (const arn of gone) await disassociateFunction(calls, arn);
}

/** Which placeholder stands for a flow in those that come after it. */
const PLACEHOLDERS: Partial<Record<FlowName, keyof FlowValues>> = {
  'agent-queue': 'AgentQueueFlowArn',
  'extension-transfer': 'ExtensionTransferFlowArn',
  'dial-by-name': 'DialByNameFlowArn',
};

async function writeFlows(
  calls: ConnectCalls,
  properties: SetupProperties,
  { operatorArn, vipArn }: Queues,
  own: Map<FlowName, FoundFlow>,
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
    const flow = await writeFlow(calls, wanted, own.get(shipped.name));
    written.set(shipped.name, flow);
    const placeholder = PLACEHOLDERS[shipped.name];
    if (placeholder) values = { ...values, [placeholder]: flow.arn };
  }
  return written;
}

function keptFlows(stackName: string, written: Map<FlowName, WrittenFlow>): string {
  const kept = [...written].filter(([, { outcome }]) => outcome === 'KEPT');
  if (kept.length === 0) return 'none';
  const names = kept.map(([name]) => flowTitle(stackName, name)).join(', ');
  return `${names}: changed by hand, so left alone. To replace them with the shipped ones, update the stack with OverwriteFlows=true.`;
}

async function useNumber(
  calls: ConnectCalls,
  number: PhoneNumber | 'GONE' | undefined,
  inbound: WrittenFlow,
): Promise<string> {
  if (number === undefined) return 'none';
  if (number === 'GONE') {
    return 'not pointed: PhoneNumberId is not a number of the instance any more; name another one, or none';
  }
  const before = await flowOfNumber(calls, number);
  if (before === inbound.id) return 'points at the inbound flow';
  if (before !== undefined) await rememberFormerFlow(calls, inbound.arn, number, before);
  await pointNumber(calls, number, inbound.id);
  return before === undefined
    ? 'points at the inbound flow now; it pointed at none'
    : `points at the inbound flow now; it pointed at the flow ${before}`;
}

/** Unless somebody has pointed it elsewhere meanwhile. */
async function letFormerNumberGo(
  calls: ConnectCalls,
  former: PhoneNumber | undefined,
  inbound: WrittenFlow,
  tags: Record<string, string>,
): Promise<void> {
  if (former && (await flowOfNumber(calls, former)) === inbound.id) await giveBackNumber(calls, former, tags);
}
