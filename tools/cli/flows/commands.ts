import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { computeFlowRevision, SHIPPED_FLOWS } from '@switchboard/core/flows';
import type { Output } from '#tools/cli/shared/output.ts';
import { checkFlows, checkLines, type Finding } from '#tools/flows/check/check-flows.ts';
import { drawFlows } from '#tools/flows/draw/draw-flows.ts';

/** Prints what is wrong with the flows in `flows/`, one finding on a line. */
export async function checkCommand(output: Output): Promise<number> {
  const findings = checkFlows();
  const readable = findings.every(({ rule }) => rule !== 'document');
  if (readable) findings.push(...(await Promise.all(SHIPPED_FLOWS.map(linesOf))).flat());
  for (const { flow, action, rule, message } of findings) {
    output.error(`flows/${flow}.json${action === undefined ? '' : ` ${action}`}: ${message} (${rule})`);
  }
  if (findings.length > 0) return 1;
  const actions = SHIPPED_FLOWS.reduce((sum, { source }) => sum + source.Actions.length, 0);
  output.line(`${SHIPPED_FLOWS.length} flows with ${actions} actions: nothing found.`);
  return 0;
}

async function linesOf(flow: (typeof SHIPPED_FLOWS)[number]): Promise<Finding[]> {
  return checkLines(
    flow,
    await readFile(new URL(`../../../flows/${flow.name}.json`, import.meta.url), 'utf8'),
  );
}

/** Prints what changes whenever a shipped flow or prompt does. */
export function revisionCommand(output: Output): number {
  output.line(computeFlowRevision());
  return 0;
}

const PICTURES = new URL('../../../docs/pictures/', import.meta.url);

/** Draws the flows into `docs/pictures/`. */
export async function drawCommand(output: Output): Promise<number> {
  await mkdir(PICTURES, { recursive: true });
  const pictures = drawFlows();
  for (const [name, svg] of pictures) await writeFile(new URL(name, PICTURES), svg);
  output.line(`${pictures.size} pictures are in docs/pictures: ${[...pictures.keys()].join(', ')}.`);
  return 0;
}
