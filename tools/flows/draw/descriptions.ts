import { type FlowAction, type FlowValue, PROMPTS, VOICES } from '@switchboard/core/flows';
import type { FlowEdge } from '#tools/flows/model/graph.ts';

/** Describes an action in lines of text: the prompt, the queue, the function, and so on. */
export function describeAction({ Type, Parameters: parameters }: FlowAction): string[] {
  const at = (name: string) => shown(parameters[name]);
  switch (Type) {
    case 'MessageParticipant':
      return [quoted(at('Text'))];
    case 'MessageParticipantIteratively':
      return [
        ...texts(parameters.Messages, 'Text').map(quoted),
        ...(parameters.InterruptFrequencySeconds === undefined
          ? ['repeats']
          : [`repeats for ${at('InterruptFrequencySeconds')} seconds`]),
      ];
    case 'GetParticipantInput':
      return [quoted(at('Text')), `waits ${at('InputTimeLimitSeconds')} s for the first key`];
    case 'InvokeLambdaFunction':
      return [
        `invokes the function ${placeholderName(parameters.LambdaFunctionARN)}, ${at('InvocationTimeLimitSeconds')} s maximum`,
        ...pairs(parameters.LambdaInvocationAttributes),
      ];
    case 'Compare':
      return [`compares ${at('ComparisonValue')}`];
    case 'CheckMetricData':
      return [`${at('MetricType')} of ${at(parameters.AgentId === undefined ? 'QueueId' : 'AgentId')}`];
    case 'Loop':
      return [`counts to ${at('LoopCount')}`];
    case 'UpdateContactTargetQueue':
      return [parameters.AgentId === undefined ? at('QueueId') : `queue of agent ${at('AgentId')}`];
    case 'DequeueContactAndTransferToQueue':
      return [at('QueueId')];
    case 'UpdateContactEventHooks':
      return texts([parameters.EventHooks ?? {}], 'CustomerQueue').map((flow) => `while waiting: ${flow}`);
    case 'TransferToFlow':
      return [`flow ${placeholderName(parameters.ContactFlowId)}`];
    case 'UpdateContactAttributes':
      return typeof parameters.Attributes === 'string' ? [at('Attributes')] : pairs(parameters.Attributes);
    case 'UpdateContactTextToSpeechVoice':
      return [at('TextToSpeechVoice')];
    case 'UpdateContactData':
      return [at('LanguageCode')];
    case 'UpdateFlowLoggingBehavior':
      return [`flow logs: ${at('FlowLoggingBehavior')}`];
    default:
      return [];
  }
}

/** The label of an arrow. */
export function edgeLabel({ by, condition, error }: FlowEdge): string {
  if (by === 'next') return '';
  if (by === 'error') return ERRORS[error ?? ''] ?? spaced(error ?? '');
  const operands = condition?.Operands.map((operand) => CONDITIONS[operand] ?? operand).join(', ') ?? '';
  switch (condition?.Operator) {
    case 'Equals':
      return operands;
    case 'TextStartsWith':
      return `${operands}…`;
    case 'NumberGreaterThan':
      return `more than ${operands}`;
    default:
      return `${spaced(condition?.Operator ?? '')} ${operands}`;
  }
}

const ERRORS: Record<string, string> = {
  NoMatchingCondition: 'otherwise',
  NoMatchingError: 'error',
  QueueAtCapacity: 'queue full',
  InputTimeLimitExceeded: 'no key',
};

const CONDITIONS: Record<string, string> = {
  ContinueLooping: 'next round',
  DoneLooping: 'done',
  MessagesInterrupted: 'time limit',
  Timeout: 'no key',
};

const LANGUAGE_NAMES = new Intl.DisplayNames('en', { type: 'language' });

/** Names for the placeholders that a deployment replaces. */
const PLACEHOLDERS: Record<string, string> = {
  OperatorQueueArn: "the operator's queue",
  VipQueueArn: 'the VIP queue',
  AgentRingSeconds: 'AgentRingSeconds',
};

/** Formats the value of a parameter: `$.External.status` becomes `‹answer: status›`. */
function shown(value: FlowValue | undefined): string {
  if (typeof value !== 'string') return '';
  return value
    .replace(/\$\{([^}]*)\}/g, (_, name: string) => placeholder(name))
    .replace(/\$\.Attributes\.(\w+)/g, (_, name: string) => PROMPTS.en[name] ?? `‹${plain(name)}›`)
    .replace(/\$\.External\.(\w+)/g, (_, name: string) => `‹answer: ${name}›`)
    .replace(/\$\.StoredCustomerInput/g, '‹keys pressed›')
    .replace(/\$\.([A-Za-z.]+)/g, (_, name: string) => `‹${name}›`);
}

function placeholder(name: string): string {
  const [kind = '', of = '', key = ''] = name.split('.');
  const voice = new Map(Object.entries(VOICES)).get(of);
  if (kind === 'Prompts')
    return PROMPTS.en[key] ?? `sentences in ${voice ? LANGUAGE_NAMES.of(of) : 'the default language'}`;
  if (kind === 'Voice') return `voice: ${voice?.voice ?? 'of the default language'}`;
  if (kind === 'LanguageCode') return `language: ${voice?.languageCode ?? 'the default'}`;
  return PLACEHOLDERS[name] ?? `flow ${placeholderName(`\${${name}}`)}`;
}

/** `agent-queue` for `${AgentQueueFlowArn}`, `caller-lookup` for `${CallerLookupFunctionArn}`. */
export function placeholderName(value: FlowValue | undefined): string {
  const name = /^\$\{(\w+?)(Flow|Function)Arn\}$/.exec(String(value))?.[1] ?? String(value);
  return spaced(name).replaceAll(' ', '-');
}

const plain = (name: string) => name.replace(/^switchboard_/, '').replaceAll('_', ' ');
const spaced = (name: string) => name.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
const quoted = (text: string) => `“${text}”`;

function pairs(value: FlowValue | undefined): string[] {
  if (typeof value !== 'object' || Array.isArray(value)) return [];
  return Object.entries(value).map(([key, entry]) => `${plain(key)} = ${shown(entry)}`);
}

/** The texts at a key of each object in a list. */
function texts(value: FlowValue | undefined, key: string): string[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry) =>
    typeof entry === 'object' && !Array.isArray(entry) && entry[key] !== undefined ? [shown(entry[key])] : [],
  );
}
