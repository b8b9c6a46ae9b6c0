import { CONNECT_INSTANCE_ARN, LOCAL } from '#tools/local/template/index.ts';

/** A claimed number, and the flow that answers it. */
export interface ConnectNumber {
  Id: string;
  Arn: string;
  PhoneNumber: string;
  Country: string;
  Type: string;
  Description: string;
  Tags: Record<string, string>;
  /** The ID of the associated flow. */
  ContactFlowId?: string;
  /** A claim that is in progress or failed. Absent for a claimed number. */
  Claim?: PendingClaim;
}

export interface PendingClaim {
  /** The number of further responses with IN_PROGRESS. */
  pollsLeft: number;
  /** The reason of a failure. Absent if the claim succeeds. */
  failure?: string;
}

/** A claim request. The same client token returns the same claim. */
export interface ConnectClaim {
  Token: string;
  PhoneNumber: string;
  PhoneNumberId: string;
}

/** The number that `npm start` associates with the inbound flow. */
export const MAIN_NUMBER = number(
  '10ca1000-5017-4b0a-8d00-0000000000a1',
  '+18005550199',
  'TOLL_FREE',
  'Main',
);

/** Claimed by the instance from the start. The second one has no flow. */
export const INITIAL_NUMBERS: ConnectNumber[] = [
  MAIN_NUMBER,
  number('10ca1000-5017-4b0a-8d00-0000000000a2', '+18005550142', 'TOLL_FREE', 'Free'),
];

/** The quota of phone numbers. Connect's default is 5; administrators usually raise it. */
export const MAX_NUMBERS = 40;

/** The target of all claimed numbers. */
export const NUMBER_TARGET = CONNECT_INSTANCE_ARN;

export function numberArn(id: string): string {
  return `arn:${LOCAL.partition}:connect:${LOCAL.region}:${LOCAL.account}:phone-number/${id}`;
}

function number(Id: string, PhoneNumber: string, Type: string, Description: string): ConnectNumber {
  return { Id, Arn: numberArn(Id), PhoneNumber, Country: 'US', Type, Description, Tags: {} };
}

/** A number that SearchAvailablePhoneNumbers finds. */
export interface AvailableNumber {
  PhoneNumber: string;
  Country: string;
  Type: 'DID' | 'TOLL_FREE';
}

/**
 * The numbers that can be claimed, all from ranges reserved for fiction: 555-01xx in North America, those
 * that Ofcom and the Bundesnetzagentur keep for films. Other area codes have none, as in real life.
 */
const NUMBER_RANGES: { country: string; type: AvailableNumber['Type']; prefix: string; first: number }[] = [
  { country: 'CA', type: 'DID', prefix: '+1613555', first: 150 },
  { country: 'CA', type: 'DID', prefix: '+1416555', first: 150 },
  { country: 'US', type: 'DID', prefix: '+1206555', first: 150 },
  { country: 'US', type: 'DID', prefix: '+1503555', first: 150 },
  { country: 'US', type: 'TOLL_FREE', prefix: '+1833555', first: 150 },
  { country: 'GB', type: 'DID', prefix: '+44207946', first: 150 },
  { country: 'DE', type: 'DID', prefix: '+493023125', first: 150 },
];

/** The size of each range. The first claim of the last number fails, as if another customer had claimed it. */
const NUMBERS_PER_RANGE = 25;

export const AVAILABLE_NUMBERS: readonly AvailableNumber[] = NUMBER_RANGES.flatMap(
  ({ country, type, prefix, first }) =>
    Array.from({ length: NUMBERS_PER_RANGE }, (_, index) => ({
      PhoneNumber: prefix + String(first + index).padStart(country === 'DE' ? 3 : 4, '0'),
      Country: country,
      Type: type,
    })),
);

export function losesFirstClaim(number: AvailableNumber): boolean {
  return (AVAILABLE_NUMBERS.indexOf(number) + 1) % NUMBERS_PER_RANGE === 0;
}
