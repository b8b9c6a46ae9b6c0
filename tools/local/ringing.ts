import type { StandIn } from './emulators/index.ts';
import { type JsonObject, textAt } from './template/index.ts';

/** What became of the deployment in the stand-in for Connect. */
export interface Ringing {
  /** The numbers that ring the inbound flow. */
  numbers: string[];
  inbound: string;
  /** The names of all flows. */
  flows: string[];
  /** Flows that were left alone because somebody changed them, in the setup's words; empty when there are none. */
  kept: string;
}

/** @param outputs what the custom resource that sets Connect up answered */
export function ringingOf({ flows, numbers }: StandIn['world'], outputs: JsonObject): Ringing {
  const arn = textAt(outputs, 'InboundFlowArn');
  const inbound = flows.all().find(({ Arn }) => Arn === arn);
  const ringing = numbers.all().filter(({ ContactFlowId }) => inbound && ContactFlowId === inbound.Id);
  const kept = textAt(outputs, 'FlowsKept') ?? 'none';
  return {
    numbers: ringing.map(({ PhoneNumber }) => PhoneNumber),
    inbound: inbound?.Name ?? 'none',
    flows: flows.all().map(({ Name }) => Name),
    kept: kept === 'none' ? '' : kept,
  };
}

/** The same for a person: one line, and another when flows were kept. */
export function ringingLines({ numbers, inbound, flows, kept }: Ringing): string {
  const rings = numbers.length > 0 ? numbers.join(', ') : 'no number';
  const others = flows.filter((name) => name !== inbound).join(', ');
  const line = `  Calls      ${rings} rings the flow "${inbound}"   (besides: ${others})\n`;
  if (kept === '') return line;
  return `${line}  FlowsKept  ${kept}\n             Here: the same start with --parameter OverwriteFlows=true.\n`;
}
