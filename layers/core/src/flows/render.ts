import { createHash } from 'node:crypto';
import type { Flow, FlowAction, FlowValue } from './flow-types.ts';
import { computeLayout } from './layout.ts';
import { type FlowLanguage, PROMPTS, VOICES } from './prompts.ts';
import { SHIPPED_FLOWS } from './shipped.ts';

/** The values of a deployment for the placeholders of the flows: `${OperatorQueueArn}` … */
export interface FlowValues {
  CallerLookupFunctionArn: string;
  ExtensionTransferFunctionArn: string;
  NameDirectoryFunctionArn: string;
  FlowSmsFunctionArn: string;
  OperatorQueueArn: string;
  VipQueueArn: string;
  /** A string, like every value of the flow language. */
  AgentRingSeconds: string;
  StackName: string;
  DefaultLanguage: FlowLanguage;
  /** Known when the flow exists. Flows are created in the order of SHIPPED_FLOWS. */
  AgentQueueFlowArn?: string;
  ExtensionTransferFlowArn?: string;
  DialByNameFlowArn?: string;
}

/** The contact attribute with the language of the prompts in this call. */
export const LANGUAGE_ATTRIBUTE = 'switchboard_language';

/**
 * Replaces a flow's placeholders. `${Name}` becomes a value of the deployment. `${Prompts.de}`, which is a whole
 * parameter, becomes the table of a language, with its name as `switchboard_language`. `${Prompts.de.say_goodbye}` becomes
 * one sentence, and `${Voice.de}` and `${LanguageCode.de}` the voice that speaks it. `default` in place of a language
 * stands for `DefaultLanguage`.
 *
 * @returns the `Content` of CreateContactFlow and UpdateContactFlowContent
 * @throws {Error} with the placeholder that has no value
 */
export function renderFlow(source: Flow, values: FlowValues): string {
  const { Version, StartAction, Actions } = source;
  const Metadata = computeLayout(source);
  return JSON.stringify({
    Version,
    StartAction,
    Metadata,
    Actions: Actions.map((action) => renderAction(action, values)),
  });
}

/** The name of a shipped flow in an instance: `switchboard inbound`. The stack's name keeps stacks apart. */
export function formatFlowName(stackName: string, name: string): string {
  return `${stackName} ${name}`;
}

/** Changes when a shipped flow, a prompt, or a voice changes. A stack has it as its output FlowsRevision. */
export function computeFlowRevision(): string {
  const shipped = JSON.stringify([SHIPPED_FLOWS, PROMPTS, VOICES]);
  return createHash('sha256').update(shipped).digest('hex').slice(0, 16);
}

function renderAction(action: FlowAction, values: FlowValues): FlowAction {
  return { ...action, Parameters: renderObject(action.Parameters, values) };
}

function renderObject(object: Record<string, FlowValue>, values: FlowValues): Record<string, FlowValue> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, renderValue(value, values)]));
}

function renderValue(value: FlowValue, values: FlowValues): FlowValue {
  if (Array.isArray(value)) return value.map((entry) => renderValue(entry, values));
  if (typeof value !== 'string') return renderObject(value, values);
  const table = /^\$\{Prompts\.(\w+)\}$/.exec(value)?.[1];
  if (table !== undefined) return toPromptAttributes(resolveLanguage(table, values, value));
  return value.replace(/\$\{([^}]*)\}/g, (placeholder, name: string) =>
    renderText(placeholder, name, values),
  );
}

/** An action sets all its attributes or none, so the language always matches its sentences. */
function toPromptAttributes(language: FlowLanguage): Record<string, string> {
  return { ...PROMPTS[language], [LANGUAGE_ATTRIBUTE]: language };
}

function renderText(placeholder: string, name: string, values: FlowValues): string {
  const [kind = '', of = '', key = ''] = name.split('.');
  if (kind === 'Prompts')
    return requireValue(placeholder, PROMPTS[resolveLanguage(of, values, placeholder)][key]);
  if (kind === 'Voice') return VOICES[resolveLanguage(of, values, placeholder)].voice;
  if (kind === 'LanguageCode') return VOICES[resolveLanguage(of, values, placeholder)].languageCode;
  return requireValue(placeholder, new Map<string, string>(Object.entries(values)).get(name));
}

function resolveLanguage(name: string, values: FlowValues, placeholder: string): FlowLanguage {
  const wanted = name === 'default' ? values.DefaultLanguage : name;
  if (Object.hasOwn(PROMPTS, wanted)) return wanted as FlowLanguage;
  throw new Error(`A flow uses ${placeholder}, but no table of prompts exists for it.`);
}

function requireValue(placeholder: string, value: string | undefined): string {
  if (value !== undefined) return value;
  throw new Error(`A flow uses ${placeholder}, which has no value.`);
}
