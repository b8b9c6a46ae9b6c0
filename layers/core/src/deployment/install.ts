import {
  computeFlowRevision,
  type FlowName,
  type FlowValues,
  renderFlow,
  SHIPPED_FLOWS,
} from '#core/flows/index.ts';
import type { ConnectCalls } from './connect.ts';
import type { FoundFlow } from './flow-store.ts';
import { associateFunction, disassociateFunction, listFunctions } from './functions.ts';
import { letFormerNumberGo, useNumber } from './main-number.ts';
import { namedNumber, type PhoneNumber } from './numbers.ts';
import { askFirst } from './preflight.ts';
import type { SetupProperties } from './properties.ts';
import type { Queues } from './queues.ts';
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
  const { instance, functions, phoneNumber, overwriteFlows } = properties;
  const { queues, number, own, tagged } = await askFirst(calls, properties, earlier.phoneNumber);

  onBegin(tagged.length === 0);
  const known = await associateFunctions(calls, Object.values(functions));
  const written = await writeFlows(calls, properties, queues, own);
  const inbound = written.get('inbound');
  if (!inbound) throw new Error('No inbound flow is shipped.');
  const started = await startFunction(properties.syncFunctionArn);
  const wanted = Object.values(functions);
  const needed = await disassociateFormer(calls, earlier.functions, { known, wanted, written });
  const isNew = earlier.phoneNumber?.id !== namedNumber(phoneNumber, instance)?.id;
  const answering = { ...inbound, tags: own.get('inbound')?.tags ?? {} };
  if (isNew) await letFormerNumberGo(calls, earlier.phoneNumber, answering);
  return {
    InboundFlowArn: inbound.arn,
    InboundFlowName: inbound.name,
    FlowsKept: keptFlows(written, needed),
    FlowsRevision: computeFlowRevision(),
    PhoneNumber: await useNumber(calls, number, answering, isNew || overwriteFlows),
    FirstSync: FIRST_SYNC[started],
  };
}

/** @returns the functions that were associated before */
async function associateFunctions(calls: ConnectCalls, wanted: string[]): Promise<Set<string>> {
  const known = new Set(await listFunctions(calls));
  for (const arn of wanted) if (!known.has(arn)) await associateFunction(calls, arn);
  return known;
}

/**
 * Not before the flows name the new ones.
 *
 * @returns those that stay, because a flow that was left as somebody changed it still names them
 */
async function disassociateFormer(
  calls: ConnectCalls,
  earlier: string[],
  { known, wanted, written }: { known: Set<string>; wanted: string[]; written: Map<FlowName, WrittenFlow> },
): Promise<string[]> {
  const former = earlier.filter((arn) => known.has(arn) && !wanted.includes(arn));
  const { needed = [], gone = [] } = Object.groupBy(former, (arn) =>
    [...written.values()].some(({ content }) => content.includes(arn)) ? 'needed' : 'gone',
  );
  for (const arn of gone) await disassociateFunction(calls, arn);
  return needed;
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

/** @param needed functions of before that only these flows name */
function keptFlows(written: Map<FlowName, WrittenFlow>, needed: string[]): string {
  const kept = [...written.values()].filter(({ outcome }) => outcome === 'KEPT');
  if (kept.length === 0) return 'none';
  const names = kept.map(({ name }) => name).join(', ');
  const told = `${names}: changed by hand, so left alone. To replace them with the shipped ones, update the stack with OverwriteFlows=true.`;
  if (needed.length === 0) return told;
  return `${told} They name functions that this version has no more; take those off the instance afterwards: ${needed.join(', ')}.`;
}
