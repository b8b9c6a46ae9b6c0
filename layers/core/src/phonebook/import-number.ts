import {
  type DirectNumberDetails,
  type DirectoryNumber,
  getNumber,
  numberKey,
  readDirectDetails,
} from '#core/directory/numbers.ts';
import { type Directory, directoryBusyError, type WriteAction, writeActions } from '#core/directory/table.ts';
import { addDirectNumber } from '#core/directory/transitions.ts';
import { ifAttributesAre } from '#core/platform/dynamodb/conditions.ts';
import { CONFLICT, retryOnConflict } from '#core/platform/dynamodb/retry-on-conflict.ts';
import { updateExpression } from '#core/platform/dynamodb/update-expression.ts';

/** A direct number, as a file describes it. An undefined detail keeps its stored value. */
export interface ImportedNumber {
  /** E.164. */
  phoneNumber: string;
  /** False when the number cannot send texts. */
  sms?: boolean;
  /** ISO 3166-1 alpha-2. */
  country?: string;
  /** A number type of Connect: `DID`, `TOLL_FREE` … */
  type?: string;
}

const MAX_ATTEMPTS = 5;

/**
 * Adds a direct number that no sync changes, because the instance may not have it. For a number that exists, only the
 * details change, never the state or the owner. For a number of the instance, only `sms` changes. Repeating the import
 * changes nothing.
 *
 * @throws {UnavailableError} `DIRECTORY_BUSY`
 */
export async function importDirectNumber(
  directory: Directory,
  imported: ImportedNumber,
): Promise<'written' | 'unchanged'> {
  const { phoneNumber } = imported;
  const outcome = await retryOnConflict(MAX_ATTEMPTS, async () => {
    const stored = await getNumber(directory, phoneNumber, { consistent: true });
    const details = mergeDetails(stored, imported);
    if (stored && hasDetails(stored, details)) return 'unchanged';
    const action = stored
      ? setDetails(directory, stored, details)
      : addDirectNumber(directory, phoneNumber, details, { state: 'UNUSED' });
    return (await writeActions(directory, [action])).length === 0 ? 'written' : CONFLICT;
  });
  if (outcome === CONFLICT) throw directoryBusyError();
  return outcome;
}

function mergeDetails(
  stored: DirectoryNumber | undefined,
  { sms, country, type }: ImportedNumber,
): DirectNumberDetails {
  if (!stored) return readDirectDetails({ source: 'import', sms, country, type });
  const withSms = { ...stored, sms: sms ?? stored.sms };
  if (stored.source !== 'import') return readDirectDetails(withSms);
  return readDirectDetails({
    ...withSms,
    country: country ?? stored.country,
    type: type ?? stored.type,
  });
}

function hasDetails(stored: DirectoryNumber, { sms, country, type }: DirectNumberDetails): boolean {
  return stored.sms === sms && stored.country === country && stored.type === type;
}

/** Writes only while the number has the same source. */
function setDetails(
  { table }: Directory,
  stored: DirectoryNumber,
  details: DirectNumberDetails,
): WriteAction {
  const { sms, country, type } = details;
  // Without the undefined details, which would remove what a sync writes at the same time.
  const set = Object.fromEntries(
    Object.entries({ sms, country, type }).filter(([, value]) => value !== undefined),
  );
  return {
    Update: {
      TableName: table,
      Key: numberKey(stored.number),
      ...updateExpression({ set, when: ifAttributesAre({ source: stored.source }) }),
    },
  };
}
