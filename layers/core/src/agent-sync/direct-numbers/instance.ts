import {
  ListFlowAssociationsCommand,
  type ListPhoneNumbersSummary,
  ListPhoneNumbersV2Command,
} from '@aws-sdk/client-connect';
import { type ConnectSender, QUOTA } from '#core/agent-sync/users.ts';
import type { Clock } from '#core/platform/clock.ts';
import { allPages } from '#core/platform/pages.ts';
import { createRequestThrottle } from '#core/platform/resilience/throttle.ts';
import { findDirectFlow } from './flow.ts';

/** A phone number of the instance, and who answers it: the flow that transfers to agents, another one, or none. */
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
  /** Numbers without an id, or that are not in E.164. */
  incomplete: number;
  /** False when the instance has numbers and no such flow. */
  hasFlow: boolean;
}

/** Reads the phone numbers of the instance within Connect's quota. */
export interface ConnectNumbers {
  /** Requests so far. */
  readonly calls: number;
  /**
   * One request when the instance has no numbers; else one more for every thousand numbers, associations and flows, and
   * one when no flow has the name.
   *
   * @throws {OutOfTimeError} when the answers cannot come before the deadline
   * @throws {UnavailableError} when Connect fails again and again
   */
  read(deadline: number): Promise<InstanceNumbers>;
}

/** Connect's largest page, of each of the three lists. */
const MOST_A_PAGE = 1_000;

/** @param flowName of the flow that puts the callers of direct numbers through */
export function createConnectNumbers(
  client: ConnectSender,
  instanceArn: string,
  flowName: string,
  clock: Clock,
): ConnectNumbers {
  const InstanceId = lastPart(instanceArn);
  const pacing = createRequestThrottle('Connect', clock, QUOTA);

  function listNumbers(deadline: number): Promise<ListPhoneNumbersSummary[]> {
    return allPages(async (NextToken) => {
      const list = { TargetArn: instanceArn, MaxResults: MOST_A_PAGE, NextToken };
      const answer = await pacing.run('numbers', deadline, () =>
        client.send(new ListPhoneNumbersV2Command(list)),
      );
      return { entries: answer.ListPhoneNumbersSummaryList, next: answer.NextToken };
    });
  }

  /** The id of each answered number's flow, by the number's id. Whether ids or ARNs are answered is not documented. */
  async function listAssociations(deadline: number): Promise<Map<string, string>> {
    const ResourceType = 'VOICE_PHONE_NUMBER';
    const associations = await allPages(async (NextToken) => {
      const list = { InstanceId, ResourceType, MaxResults: MOST_A_PAGE, NextToken } as const;
      const answer = await pacing.run('associations', deadline, () =>
        client.send(new ListFlowAssociationsCommand(list)),
      );
      return { entries: answer.FlowAssociationSummaryList, next: answer.NextToken };
    });
    return new Map(
      associations.map(({ ResourceId = '', FlowId = '' }) => [lastPart(ResourceId), lastPart(FlowId)]),
    );
  }

  return {
    get calls() {
      return pacing.calls;
    },
    async read(deadline) {
      // A short code takes no calls, so it is no direct number.
      const listed = (await listNumbers(deadline)).filter((one) => one.PhoneNumberType !== 'SHORT_CODE');
      if (listed.length === 0) return { numbers: [], incomplete: 0, hasFlow: true };
      const flows = await listAssociations(deadline);
      const direct = await findDirectFlow(client, InstanceId, flowName, (operation, send) =>
        pacing.run(operation, deadline, send),
      );
      const answeredBy = (id: string) => {
        const flow = flows.get(id);
        if (flow === undefined) return 'NO_FLOW';
        return flow === direct ? 'DIRECT_FLOW' : 'OTHER_FLOW';
      };
      const numbers = listed.flatMap((one) => readNumber(one, answeredBy) ?? []);
      return { numbers, incomplete: listed.length - numbers.length, hasFlow: direct !== undefined };
    },
  };
}

function readNumber(
  { PhoneNumber = '', PhoneNumberId, PhoneNumberCountryCode, PhoneNumberType }: ListPhoneNumbersSummary,
  answeredBy: (id: string) => InstanceNumber['answeredBy'],
): InstanceNumber | undefined {
  // Connect writes numbers in E.164, so nothing heavier is needed here.
  if (!PhoneNumberId || !/^\+[1-9]\d{4,14}$/.test(PhoneNumber)) return undefined;
  return {
    number: PhoneNumber,
    phoneNumberId: PhoneNumberId,
    ...(PhoneNumberCountryCode ? { country: PhoneNumberCountryCode } : {}),
    ...(PhoneNumberType ? { type: PhoneNumberType } : {}),
    answeredBy: answeredBy(PhoneNumberId),
  };
}

/** The id in an ARN, also in one with a version behind it (`…/contact-flow/<id>:$SAVED`); an id is its own end. */
function lastPart(arnOrId: string): string {
  return arnOrId.slice(arnOrId.lastIndexOf('/') + 1).replace(/:[^:]*$/, '');
}
