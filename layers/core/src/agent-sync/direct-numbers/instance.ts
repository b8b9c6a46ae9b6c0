import type { Connect } from '#core/connect/connect.ts';
import { findShippedFlow } from '#core/connect/contact-flows.ts';
import {
  type InstancePhoneNumber,
  listFlowsOfNumbers,
  listPhoneNumbers,
} from '#core/connect/phone-numbers.ts';

/** A phone number of the instance, and what answers it: the flow that transfers to agents, another flow, or none. */
export interface InstanceNumber {
  /** E.164. */
  number: string;
  phoneNumberId: string;
  country?: string;
  type?: string;
  answeredBy: 'DIRECT_FLOW' | 'OTHER_FLOW' | 'NO_FLOW';
}

export interface InstanceNumbers {
  numbers: InstanceNumber[];
  /** How many numbers have no ID, or are not in E.164. */
  incomplete: number;
  /** False when the instance has numbers and no flow for direct numbers. */
  hasFlow: boolean;
}

/**
 * Reads the phone numbers of the instance: one request when it has none; else one more for every thousand numbers,
 * associations, and flows, and one when no flow has the name.
 *
 * @param flowName of the flow that transfers the callers of direct numbers
 */
export async function readInstanceNumbers(connect: Connect, flowName: string): Promise<InstanceNumbers> {
  // A short code receives no calls, so it is no direct number.
  const listed = (await listPhoneNumbers(connect)).filter(({ type }) => type !== 'SHORT_CODE');
  if (listed.length === 0) return { numbers: [], incomplete: 0, hasFlow: true };
  const flows = await listFlowsOfNumbers(connect);
  const directFlow = await findShippedFlow(connect, flowName);
  const answeredBy = (id: string) => {
    const flow = flows.get(id);
    if (flow === undefined) return 'NO_FLOW';
    return flow === directFlow ? 'DIRECT_FLOW' : 'OTHER_FLOW';
  };
  const numbers = listed.flatMap((one) => toInstanceNumber(one, answeredBy) ?? []);
  return { numbers, incomplete: listed.length - numbers.length, hasFlow: directFlow !== undefined };
}

function toInstanceNumber(
  { id, phoneNumber, country, type }: InstancePhoneNumber,
  answeredBy: (id: string) => InstanceNumber['answeredBy'],
): InstanceNumber | undefined {
  // Connect writes numbers in E.164, so a pattern is enough.
  if (id === '' || !/^\+[1-9]\d{4,14}$/.test(phoneNumber)) return undefined;
  return {
    number: phoneNumber,
    phoneNumberId: id,
    ...(country === undefined ? {} : { country }),
    ...(type === undefined ? {} : { type }),
    answeredBy: answeredBy(id),
  };
}
