import { type PhoneNumberCountryCode, SearchAvailablePhoneNumbersCommand } from '@aws-sdk/client-connect';
import type { Output } from '#tools/cli/shared/output.ts';
import type { Calls } from './connect.ts';
import type { SearchCommand } from './flags.ts';

/** Connect's largest page. */
const MOST_A_PAGE = 10;

/** The toll-free codes of North America. */
const TOLL_FREE = /^\+18(?:00|33|44|55|66|77|88)/;

/** `npm run phonebook -- search 613`: one number a line. */
export async function searchCommand(calls: Calls, command: SearchCommand, output: Output): Promise<number> {
  const { prefix, country, type, limit } = command;
  const found: string[] = [];
  let NextToken: string | undefined;
  do {
    const answer = await calls.ask('SearchAvailablePhoneNumbers', () =>
      calls.client.send(
        new SearchAvailablePhoneNumbersCommand({
          TargetArn: calls.instanceArn,
          // Connect says itself what it has no numbers of.
          PhoneNumberCountryCode: country as PhoneNumberCountryCode,
          PhoneNumberType: type,
          PhoneNumberPrefix: prefix,
          MaxResults: Math.min(MOST_A_PAGE, limit - found.length),
          NextToken,
        }),
      ),
    );
    found.push(...(answer.AvailableNumbersList ?? []).flatMap(({ PhoneNumber }) => PhoneNumber ?? []));
    NextToken = answer.NextToken;
  } while (NextToken && found.length < limit);
  for (const number of found.slice(0, limit)) output.line(number);
  if (found.length > 0) return 0;
  if (type === 'DID' && TOLL_FREE.test(prefix)) {
    output.error(`Numbers that begin with ${prefix} are toll-free: add --type TOLL_FREE.`);
    return 1;
  }
  output.error(
    `Connect has no number of ${country} that begins with ${prefix} to give away (type ${type}). Try another area ` +
      'code; some countries need papers first: see "Region requirements" in the guide of Amazon Connect.',
  );
  return 1;
}
