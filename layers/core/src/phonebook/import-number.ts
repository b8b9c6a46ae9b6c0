import {
  type DirectNumberDetails,
  type DirectoryNumber,
  getNumber,
  numberKey,
  readDirectDetails,
} from '#core/directory/numbers.ts';
import { type Directory, type WriteAction, writeActions } from '#core/directory/table.ts';
import { addDirectNumber } from '#core/directory/transitions.ts';
import { UnavailableError } from '#core/platform/errors.ts';

/** What a file says of a direct number. */
export interface ImportedNumber {
  /** E.164. */
  phoneNumber: string;
  /** False: it may not send texts; undefined: what is known of it stays. */
  sms?: boolean;
  /** ISO 3166-1 alpha-2. */
  country?: string;
  /** Connect's word: `DID`, `TOLL_FREE` … */
  type?: string;
}

const ATTEMPTS = 5;

/**
 * Takes a direct number into the phonebook that no sync will touch, because the instance may not know it. Of a number
 * that is there only the details change, never its state or its owner: of one that the instance has, whether it may send
 * texts. The same again changes nothing.
 *
 * @throws {UnavailableError} `NUMBER_BUSY`
 */
export async function importDirectNumber(
  directory: Directory,
  imported: ImportedNumber,
): Promise<'written' | 'unchanged'> {
  const { phoneNumber, ...said } = imported;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const known = await getNumber(directory, phoneNumber, { consistent: true });
    const details = known ? detailsOf(known, said) : readDirectDetails({ source: 'import', ...said });
    if (known && isSame(known, details)) return 'unchanged';
    const action = known
      ? setDetails(directory, known, details)
      : addDirectNumber(directory, phoneNumber, details, { state: 'UNUSED' });
    if ((await writeActions(directory, [action])).length === 0) return 'written';
  }
  throw new UnavailableError('NUMBER_BUSY', 'Somebody else kept changing the number. Try again.');
}

function detailsOf(known: DirectoryNumber, { sms, country, type }: Omit<ImportedNumber, 'phoneNumber'>) {
  if (known.source !== 'import') return readDirectDetails({ ...known, sms: sms ?? known.sms });
  return readDirectDetails({
    ...known,
    sms: sms ?? known.sms,
    country: country ?? known.country,
    type: type ?? known.type,
  });
}

function isSame(known: DirectoryNumber, { sms, country, type }: DirectNumberDetails): boolean {
  return known.sms === sms && known.country === country && known.type === type;
}

/** Holds while the number is there and comes from where it came from. */
function setDetails({ table }: Directory, known: DirectoryNumber, details: DirectNumberDetails): WriteAction {
  const { sms, country, type } = details;
  const set = Object.entries({ sms, country, type }).filter(([, value]) => value !== undefined);
  return {
    Update: {
      TableName: table,
      Key: numberKey(known.number),
      UpdateExpression: `SET ${set.map(([name]) => `#${name} = :${name}`).join(', ')}`,
      ConditionExpression: known.source === undefined ? 'attribute_not_exists(#source)' : '#source = :source',
      ExpressionAttributeNames: {
        '#source': 'source',
        ...Object.fromEntries(set.map(([name]) => [`#${name}`, name])),
      },
      ExpressionAttributeValues: {
        ...(known.source === undefined ? {} : { ':source': known.source }),
        ...Object.fromEntries(set.map(([name, value]) => [`:${name}`, value])),
      },
    },
  };
}
