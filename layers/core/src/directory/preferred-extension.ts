import type { AgentDetails } from './agents.ts';
import type { AssignmentOutcome } from './assignments.ts';
import { getNumber } from './numbers.ts';
import type { Ranges } from './ranges.ts';
import type { Directory } from './table.ts';

/** The tag of a Connect user that asks for an extension. */
export const PREFERRED_EXTENSION_TAG = 'switchboard:extension';

/** Why an agent did not get the extension that its tag asks for. */
export type PreferenceRefusal =
  | 'NOT_AN_EXTENSION'
  | 'NOT_IN_RANGE'
  | 'MISSING'
  | 'RESERVED'
  | 'ASSIGNED'
  | 'QUARANTINED'
  | 'BLOCKED';

/** The extension that an agent's tag asks for; undefined for a tag that is no extension, which is never granted. */
export function preferredExtensionOf({
  preferredExtension = '',
}: Pick<AgentDetails, 'preferredExtension'>): string | undefined {
  return /^\d{2,9}$/.test(preferredExtension) ? preferredExtension : undefined;
}

/**
 * Gives an agent the extension it asks for, when that is unused.
 *
 * @param take writes the assignment
 */
export async function claimPreferred(
  directory: Directory,
  ranges: Ranges,
  agent: AgentDetails,
  take: (extension: string) => Promise<AssignmentOutcome>,
): Promise<
  { extension: string } | { refused: PreferenceRefusal } | Exclude<AssignmentOutcome, 'DONE' | 'NUMBER_TAKEN'>
> {
  const preferred = preferredExtensionOf(agent);
  if (preferred === undefined) return { refused: 'NOT_AN_EXTENSION' };
  if (!ranges.includes(preferred)) return { refused: 'NOT_IN_RANGE' };
  const refused = await findRefusal(directory, preferred);
  if (refused) return { refused };
  const outcome = await take(preferred);
  if (outcome === 'DONE') return { extension: preferred };
  if (outcome !== 'NUMBER_TAKEN') return outcome;
  return { refused: (await findRefusal(directory, preferred)) ?? 'ASSIGNED' };
}

async function findRefusal(directory: Directory, extension: string): Promise<PreferenceRefusal | undefined> {
  const record = await getNumber(directory, extension, { consistent: true });
  if (!record) return 'MISSING';
  return record.state === 'UNUSED' ? undefined : record.state;
}
