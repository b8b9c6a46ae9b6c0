import { readFile } from 'node:fs/promises';
import { SHIPPED_FLOWS } from '@switchboard/core/flows';
import type { Command } from 'commander';
import type { CliContext, Output } from '#tools/cli/context.ts';
import { checkFlows, checkLines, type Finding } from '#tools/flows/check/check-flows.ts';

export function configureCheck(command: Command, context: CliContext): void {
  command
    .description('Prove on the JSON of the flows that no caller is left in silence.')
    .action(async () => {
      context.exitCode = await checkShippedFlows(context.output);
    });
}

async function checkShippedFlows(output: Output): Promise<number> {
  const findings = checkFlows();
  const readable = findings.every(({ rule }) => rule !== 'document');
  if (readable) findings.push(...(await Promise.all(SHIPPED_FLOWS.map(checkLinesOf))).flat());
  for (const { flow, action, rule, message } of findings) {
    output.error(`flows/${flow}.json${action === undefined ? '' : ` ${action}`}: ${message} (${rule})`);
  }
  if (findings.length > 0) return 1;
  const actions = SHIPPED_FLOWS.reduce((sum, { source }) => sum + source.Actions.length, 0);
  output.line(`${SHIPPED_FLOWS.length} flows with ${actions} actions: nothing found.`);
  return 0;
}

async function checkLinesOf(flow: (typeof SHIPPED_FLOWS)[number]): Promise<Finding[]> {
  const file = new URL(`../../../flows/${flow.name}.json`, import.meta.url);
  return checkLines(flow, await readFile(file, 'utf8'));
}
