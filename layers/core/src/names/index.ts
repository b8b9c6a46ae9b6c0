import { parseNameKeys } from '#core/directory/name-keys.ts';
import { createDirectoryPolicy } from '#core/directory/policy.ts';
import { documentClient } from '#core/platform/dynamodb/client.ts';
import { findByKeys, type NameMatches } from './find-by-name.ts';

export type { NameMatch, NameMatches } from './find-by-name.ts';

/**
 * Makes the search behind dial-by-name: one Query and one BatchGetItem, inside a budget.
 *
 * @returns a function of the keys that the caller pressed; it throws {InvalidInputError} when they are no name, and
 * {UnavailableError} when DirectoryTable did not answer within the budget
 */
export function createFindByName(settings: { table: string; budgetMs: number }) {
  const directory = { client: documentClient(1), table: settings.table };
  const policy = createDirectoryPolicy(settings.budgetMs);
  return async function findByName(digits: string | undefined): Promise<NameMatches> {
    const keys = parseNameKeys(digits);
    return policy.run((abortSignal) => findByKeys(directory, keys, { abortSignal }));
  };
}
