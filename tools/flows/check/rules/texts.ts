import { type FlowValues, PROMPTS, renderFlow } from '@switchboard/core/flows';
import * as v from 'valibot';
import {
  type AnalyzedFlow,
  type CheckedFlow,
  createReporter,
  type Finding,
} from '#tools/flows/check/finding.ts';
import { flowPlaceholder, referencesIn, textsIn } from '#tools/flows/check/parameter-values.ts';
import { FLOW_LIMITS } from '#tools/flows/model/action-model.ts';

/** ARNs of the maximum length, so that the size is that of a deployment. */
const SAMPLE_VALUES: FlowValues = {
  CallerLookupFunctionArn: 'x'.repeat(200),
  ExtensionTransferFunctionArn: 'x'.repeat(200),
  NameDirectoryFunctionArn: 'x'.repeat(200),
  FlowSmsFunctionArn: 'x'.repeat(200),
  OperatorQueueArn: 'x'.repeat(200),
  VipQueueArn: 'x'.repeat(200),
  AgentRingSeconds: '20',
  StackName: 'x'.repeat(128),
  DefaultLanguage: 'de',
};

/** Every placeholder has a value when the flow is created, and the flow is within the size limit. */
export function checkRendering(flows: readonly CheckedFlow[]): Finding[] {
  const values: Record<string, string> = {};
  return flows.flatMap((flow) => {
    const findings = renderingFaults(flow, { ...SAMPLE_VALUES, ...values });
    values[flowPlaceholder(flow.name)] = 'x'.repeat(200);
    return findings;
  });
}

function renderingFaults(flow: CheckedFlow, values: FlowValues): Finding[] {
  const report = createReporter(flow, 'rendering');
  let content: string;
  try {
    content = renderFlow(flow.source, values);
  } catch (error) {
    return [report(error instanceof Error ? error.message : 'The flow cannot be rendered.')];
  }
  if (content.length <= FLOW_LIMITS.contentCharacters) return [];
  return [
    report(
      `The flow has ${content.length} characters. Connect allows at most ${FLOW_LIMITS.contentCharacters}.`,
    ),
  ];
}

const sentences = v.record(v.string(), v.string());

/** Every table has each sentence that the flows play, and no other. */
export function checkPrompts(
  flows: readonly AnalyzedFlow[],
  tables: Readonly<Record<string, Readonly<Record<string, string>>>> = PROMPTS,
): Finding[] {
  const spoken = new Set(flows.flatMap(sentencesOf));
  return Object.entries(tables).flatMap(([name, table]) => {
    const report = (message: string): Finding => ({ flow: `prompts/${name}`, rule: 'prompts', message });
    if (!v.is(sentences, table)) return [report('The table must be an object of strings.')];
    return [
      ...[...spoken]
        .filter((key) => !Object.hasOwn(table, key))
        .map((key) => report(`${key} is missing. Add it.`)),
      ...Object.keys(table)
        .filter((key) => !spoken.has(key))
        .map((key) => report(`No flow plays ${key}. Remove it.`)),
      ...Object.keys(table)
        .filter((key) => !table[key]?.trim())
        .map((key) => report(`${key} is empty. Write the sentence.`)),
    ];
  });
}

function sentencesOf({ source }: AnalyzedFlow): string[] {
  return source.Actions.flatMap(({ Parameters }) => [
    ...referencesIn(Parameters)
      .filter(({ namespace, key }) => namespace === 'Attributes' && key.startsWith('say_'))
      .map(({ key }) => key),
    ...textsIn(Parameters).flatMap((text) =>
      [...text.matchAll(/\$\{Prompts\.\w+\.(\w+)\}/g)].map(([, key = '']) => key),
    ),
  ]);
}

/** Each action is on a line of its own, so that a change of one action changes one line. */
export function checkLines(flow: CheckedFlow, text: string): Finding[] {
  const report = createReporter(flow, 'lines');
  const alone = new Set(text.split('\n').map(identifierOnLine));
  return flow.source.Actions.filter(({ Identifier }) => !alone.has(Identifier)).map((action) =>
    report('It must be on a line of its own. Move it.', action),
  );
}

/** Undefined if the line is not one complete action. */
function identifierOnLine(line: string): string | undefined {
  const text = line.trim().replace(/,$/, '');
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text).Identifier;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
