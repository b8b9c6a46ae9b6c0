import { SHIPPED_FLOWS } from '@switchboard/core/flows';
import { buildGraph } from '#tools/flows/model/graph.ts';
import type { AnalyzedFlow, CheckedFlow, Finding } from './finding.ts';
import { checkAgentQueues } from './rules/agents.ts';
import { checkAnswers } from './rules/answers.ts';
import { checkAttributes } from './rules/attributes.ts';
import { checkDocument } from './rules/document.ts';
import { checkInput } from './rules/input.ts';
import { checkLogging } from './rules/logging.ts';
import { checkPaths } from './rules/paths.ts';
import { checkShape } from './rules/shape.ts';
import { checkStructure } from './rules/structure.ts';
import { checkPrompts, checkRendering } from './rules/texts.ts';
import { checkTime } from './rules/time.ts';
import { checkWaiting } from './rules/waiting.ts';

export type { CheckedFlow, Finding } from './finding.ts';
export { checkLines } from './rules/texts.ts';

/**
 * Checks the JSON of flows: no caller is left in silence, and Connect accepts the flows.
 *
 * @param flows all flows that lead to each other, in the order in which they are created
 * @returns the findings, causes before effects; empty when the flows are correct
 */
export function checkFlows(flows: readonly CheckedFlow[] = SHIPPED_FLOWS): Finding[] {
  const documents = flows.flatMap(checkDocument);
  if (documents.length > 0) return documents;
  const subjects = flows.map((flow): AnalyzedFlow => ({ ...flow, graph: buildGraph(flow.source) }));
  return [
    ...checkRendering(subjects),
    ...subjects.flatMap((subject) => [
      ...checkStructure(subject),
      ...checkShape(subject),
      ...checkPaths(subject),
      ...checkWaiting(subject),
      ...checkAgentQueues(subject),
      ...checkLogging(subject),
      ...checkInput(subject),
      ...checkAnswers(subject),
      ...checkAttributes(subject, subjects),
    ]),
    ...checkTime(subjects),
    ...checkPrompts(subjects),
  ];
}
