import { CONNECT_INSTANCE_ARN, LOCAL } from '../../template/index.ts';

/** A claimed number, and the flow that answers it. */
export interface ConnectNumber {
  Id: string;
  Arn: string;
  PhoneNumber: string;
  Country: string;
  Type: string;
  Description: string;
  Tags: Record<string, string>;
  /** The id of the flow it points at. */
  ContactFlowId?: string;
}

/** The number that `npm start` points at the inbound flow. */
export const MAIN_NUMBER = number(
  '10ca1000-5017-4b0a-8d00-0000000000a1',
  '+18005550199',
  'TOLL_FREE',
  'Main',
);

/** Claimed by the instance from the start; nobody answers the second one. */
export const NUMBERS: ConnectNumber[] = [
  MAIN_NUMBER,
  number('10ca1000-5017-4b0a-8d00-0000000000a2', '+18005550142', 'TOLL_FREE', 'Free'),
];

/** What every number of the instance is claimed to. */
export const NUMBER_TARGET = CONNECT_INSTANCE_ARN;

function number(Id: string, PhoneNumber: string, Type: string, Description: string): ConnectNumber {
  const Arn = `arn:${LOCAL.partition}:connect:${LOCAL.region}:${LOCAL.account}:phone-number/${Id}`;
  return { Id, Arn, PhoneNumber, Country: 'US', Type, Description, Tags: {} };
}
