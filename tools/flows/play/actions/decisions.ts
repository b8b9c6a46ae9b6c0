import { FlowError } from '#tools/flows/play/flow/playable-flow.ts';
import type { Destination } from '#tools/flows/play/instance-state.ts';
import { type ActionContext, type ActionOutcome, failed, parameter, wholeNumber } from './action.ts';
import { resolveDestination } from './queues.ts';

const MAX_LOOPS = 100;

export function compare(context: ActionContext): ActionOutcome {
  const { ComparisonValue } = context.action.parameters;
  if (typeof ComparisonValue !== 'string' || !/^\$[.[]\S+$/.test(ComparisonValue)) {
    throw new FlowError('ComparisonValue must be a single reference, such as "$.External.status".');
  }
  return { kind: 'result', value: parameter(context, 'ComparisonValue') };
}

/** Returns `ContinueLooping` LoopCount times, then `DoneLooping`, then starts again. */
export function loop(context: ActionContext): ActionOutcome {
  const { action, loops } = context;
  const count = wholeNumber(parameter(context, 'LoopCount'), 'LoopCount', 0, MAX_LOOPS);
  const times = loops.get(action.id) ?? 0;
  if (times < count) {
    loops.set(action.id, times + 1);
    return { kind: 'result', value: 'ContinueLooping' };
  }
  loops.delete(action.id);
  return { kind: 'result', value: 'DoneLooping' };
}

const METRICS: Readonly<Record<string, (place: Destination) => number>> = {
  NumberOfAgentsAvailable: ({ agents }) => agents.available,
  NumberOfAgentsStaffed: ({ agents }) => agents.staffed,
  NumberOfAgentsOnline: ({ agents }) => agents.online,
  NumberOfContactsInQueue: ({ waiting }) => waiting,
  OldestContactInQueueAgeSeconds: ({ oldestSeconds }) => oldestSeconds,
};

export async function checkMetricData(context: ActionContext): Promise<ActionOutcome> {
  const { call, action } = context;
  const metric = String(action.parameters.MetricType);
  const read = Object.hasOwn(METRICS, metric) ? METRICS[metric] : undefined;
  if (!read)
    throw new FlowError(
      `The MetricType "${metric}" does not exist. Use one of ${Object.keys(METRICS).join(', ')}.`,
    );
  if (metric.startsWith('NumberOfAgents')) checkAgentComparison(context);
  const place = await resolveDestination(context, () => call.contact.target);
  if (!place) return failed('the queue or agent does not exist');
  const value = read(place);
  call.record({ type: 'checked', metric, of: place.name, value });
  return { kind: 'result', value: String(value) };
}

/** Connect only compares whether there are any agents. */
function checkAgentComparison({ action }: ActionContext): void {
  for (const { condition } of action.conditions) {
    if (condition.operator === 'NumberGreaterThan' && condition.operands.join() === '0') continue;
    throw new FlowError('A number of agents supports only the condition NumberGreaterThan "0".');
  }
}
