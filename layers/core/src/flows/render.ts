import { createHash } from 'node:crypto';
import type { Flow, FlowAction, FlowValue } from './language.ts';
import { computeLayout } from './layout.ts';
import { type FlowLanguage, PROMPTS, VOICES } from './prompts.ts';
import { SHIPPED_FLOWS } from './shipped.ts';

/** What a deployment puts into the flows: `${OperatorQueueArn}` and so on. */
export interface FlowValues {
  CallerLookupFunctionArn: string;
  ExtensionTransferFunctionArn: string;
  NameDirectoryFunctionArn: string;
  FlowSmsFunctionArn: string;
  OperatorQueueArn: string;
  VipQueueArn: string;
  /** As text, because every value of the flow language is one. */
  AgentRingSeconds: string;
  StackName: string;
  DefaultLanguage: FlowLanguage;
  /** Known once the flow exists; flows are created in the order of SHIPPED_FLOWS. */
  AgentQueueFlowArn?: string;
  ExtensionTransferFlowArn?: string;
  DialByNameFlowArn?: string;
}

/** The contact attribute that says in which language the prompts of the call are. */
export const LANGUAGE_ATTRIBUTE = 'switchboard_language';

/**
 * Fills a flow's placeholders: `${Name}` with a value of the deployment, `${Prompts.de}` (the whole of a parameter)
 * with the table of a language and its name as `switchboard_language`, `${Prompts.de.say_goodbye}` with one of its sentences, `${Voice.de}` and
 * `${LanguageCode.de}` with who speaks it. `default` stands for the language that `DefaultLanguage` names.
 *
 * @returns the `Content` of CreateContactFlow and UpdateContactFlowContent
 * @throws {Error} that names the placeholder for which there is no value
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

/** The name of a shipped flow in an instance: `switchboard inbound`. Flows of other stacks have other names. */
export function formatFlowName(stackName: string, name: string): string {
  return `${stackName} ${name}`;
}

/** Changes when a shipped flow, a prompt or a voice does. A stack tells it as its output FlowsRevision. */
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

/** The language stands beside its sentences: an action sets all its attributes or none, so the two never differ. */
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
  throw new Error(`A flow names ${placeholder}, but there is no table of prompts for it.`);
}

function requireValue(placeholder: string, value: string | undefined): string {
  if (value !== undefined) return value;
  throw new Error(`A flow names ${placeholder}, and there is no value for it.`);
}
