import { randomUUID } from 'node:crypto';
import { objectAt, textAt } from '#tools/json.ts';
import {
  AVAILABLE_NUMBERS,
  losesFirstClaim,
  MAX_NUMBERS,
  numberArn,
} from '#tools/local/emulators/connect/numbers.ts';
import {
  defineRoutes,
  type OperationInput,
  type OperationResult,
  paginate,
  toStrings,
} from '#tools/local/emulators/connect/operation.ts';
import type { ConnectState } from '#tools/local/emulators/connect/state.ts';
import {
  idempotency,
  invalid,
  limitExceeded,
  notFound,
  quotaExceeded,
} from '#tools/local/emulators/errors.ts';
import { numberInPath, targetsInstance } from './numbers.ts';

export const CLAIM_ROUTES = defineRoutes(
  {
    SearchAvailablePhoneNumbers: ['POST', '/phone-number/search-available', searchAvailablePhoneNumbers],
    ClaimPhoneNumber: ['POST', '/phone-number/claim', claimPhoneNumber],
    ReleasePhoneNumber: ['DELETE', '/phone-number/{PhoneNumberId}', releasePhoneNumber],
  },
  { instance: false },
);

/** The number of responses with IN_PROGRESS before a claim ends. */
const POLLS_UNTIL_CLAIMED = 2;

/** https://docs.aws.amazon.com/connect/latest/APIReference/API_SearchAvailablePhoneNumbers.html: ten a page at most. */
const MAX_PAGE_SIZE = 10;

function searchAvailablePhoneNumbers(state: ConnectState, { body }: OperationInput): OperationResult {
  checkTarget(body);
  const country = textAt(body, 'PhoneNumberCountryCode');
  const type = textAt(body, 'PhoneNumberType');
  if (!country || !type) throw invalid('Missing: PhoneNumberCountryCode or PhoneNumberType.');
  const prefix = textAt(body, 'PhoneNumberPrefix') ?? '+';
  if (!/^\+\d{0,15}$/.test(prefix)) throw invalid('PhoneNumberPrefix is + and digits.');
  const found = AVAILABLE_NUMBERS.filter(
    ({ PhoneNumber, Country, Type }) =>
      Country === country &&
      Type === type &&
      PhoneNumber.startsWith(prefix) &&
      !wasClaimed(state, PhoneNumber),
  );
  const operation = 'SearchAvailablePhoneNumbers';
  const { entries, next } = paginate(
    operation,
    found,
    body.MaxResults,
    body.NextToken,
    MAX_PAGE_SIZE,
    MAX_PAGE_SIZE,
  );
  const AvailableNumbersList = entries.map(({ PhoneNumber, Country, Type }) => ({
    PhoneNumber,
    PhoneNumberCountryCode: Country,
    PhoneNumberType: Type,
  }));
  return { body: { AvailableNumbersList, ...next } };
}

/**
 * Claims a number. DescribePhoneNumber returns the result. The error of this operation at the quota is not documented, so
 * it is the one of other operations.
 */
function claimPhoneNumber(state: ConnectState, { body }: OperationInput): OperationResult {
  checkTarget(body);
  const Token = textAt(body, 'ClientToken') ?? randomUUID();
  if (!/^[a-f0-9]{8}(-[a-f0-9]{4}){3}-[a-f0-9]{12}$/.test(Token)) throw invalid('ClientToken is a UUID.');
  const PhoneNumber = textAt(body, 'PhoneNumber') ?? '';
  const before = state.claims.get(Token);
  if (before && before.PhoneNumber !== PhoneNumber)
    throw idempotency('The token was used for another number.');
  if (before) return claimed(before.PhoneNumberId);
  const number = AVAILABLE_NUMBERS.find((one) => one.PhoneNumber === PhoneNumber);
  if (!number || wasClaimed(state, PhoneNumber)) throw notFound('The phone number is not available.');
  checkQuotas(state);
  const Id = randomUUID();
  const failure =
    losesFirstClaim(number) && !hasFailed(state, PhoneNumber)
      ? { failure: 'The phone number is no longer available.' }
      : {};
  state.numbers.put({
    Id,
    Arn: numberArn(Id),
    PhoneNumber,
    Country: number.Country,
    Type: number.Type,
    Description: textAt(body, 'PhoneNumberDescription') ?? '',
    Tags: toStrings(objectAt(body, 'Tags')),
    Claim: { pollsLeft: POLLS_UNTIL_CLAIMED, ...failure },
  });
  state.claims.put({ Token, PhoneNumber, PhoneNumberId: Id });
  return claimed(Id);
}

/** Releases a number. It cannot be found or claimed again. In AWS, that lasts up to 180 days. */
function releasePhoneNumber({ numbers }: ConnectState, { path }: OperationInput): OperationResult {
  numbers.delete(numberInPath(numbers, path).Id);
  return { body: {} };
}

function checkTarget(body: OperationInput['body']): void {
  if (!textAt(body, 'TargetArn') && !textAt(body, 'InstanceId'))
    throw invalid('Missing: TargetArn or InstanceId.');
  if (!targetsInstance(body)) throw notFound('There is no such instance.');
}

function checkQuotas({ numbers, claims }: ConnectState): void {
  const held = numbers.all().filter(({ Claim }) => Claim?.failure === undefined);
  if (held.length >= MAX_NUMBERS) throw quotaExceeded('The instance has its quota of phone numbers.');
  const released = claims.all().filter(({ PhoneNumberId }) => !numbers.get(PhoneNumberId));
  if (claims.all().length + released.length >= 2 * MAX_NUMBERS) {
    throw limitExceeded('Claims and releases of 180 days exceed 200 % of the quota.');
  }
}

function wasClaimed(
  { numbers, claims }: Pick<ConnectState, 'numbers' | 'claims'>,
  phoneNumber: string,
): boolean {
  const same = (one: { PhoneNumber: string }) => one.PhoneNumber === phoneNumber;
  const failed = hasFailed({ numbers, claims }, phoneNumber);
  return !failed && (claims.all().some(same) || numbers.all().some(same));
}

/** A number whose last claim failed is available again. */
function hasFailed(
  { numbers, claims }: Pick<ConnectState, 'numbers' | 'claims'>,
  phoneNumber: string,
): boolean {
  const last = claims.all().findLast((one) => one.PhoneNumber === phoneNumber);
  return last !== undefined && numbers.get(last.PhoneNumberId)?.Claim?.failure !== undefined;
}

function claimed(PhoneNumberId: string): OperationResult {
  const PhoneNumberArn = numberArn(PhoneNumberId);
  return { body: { PhoneNumberId, PhoneNumberArn } };
}
