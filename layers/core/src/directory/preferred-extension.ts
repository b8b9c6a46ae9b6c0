import type { AgentDetails } from './agents.ts';
import type { AssignmentOutcome } from './assignments.ts';
import { getNumber } from './numbers.ts';
import type { Ranges } from './ranges.ts';
import type { Directory } from './table.ts';

/** The tag of a Connect user that requests an extension. */
export const PREFERRED_EXTENSION_TAG = 'switchboard:extension';

/** Why an agent did not get the preferred extension. */
export type PreferenceRefusal =
  | 'NOT_AN_EXTENSION'
  | 'NOT_IN_RANGE'
  | 'MISSING'
  | 'RESERVED'
  | 'ASSIGNED'
  | 'QUARANTINED'
  | 'BLOCKED';

/** How the attempt to assign the preferred extension ended. */
export type PreferenceOutcome =
  | { kind: 'ASSIGNED'; extension: string }
  | { kind: 'REFUSED'; reason: PreferenceRefusal }
  | Exclude<AssignmentOutcome, { kind: 'DONE' | 'NUMBER_TAKEN' }>;

/** The extension that an agent's tag requests; undefined when the tag is missing or is not an extension. */
export function preferredExtensionOf({
  preferredExtension = '',
}: Pick<AgentDetails, 'preferredExtension'>): string | undefined {
  return /^\d{2,9}$/.test(preferredExtension) ? preferredExtension : undefined;
}

/**
 * Assigns an agent's preferred extension when it is unused.
 *
 * @param assign writes the assignment
 */
export async function claimPreferred(
  directory: Directory,
  ranges: Ranges,
  agent: AgentDetails,
  assign: (extension: string) => Promise<AssignmentOutcome>,
): Promise<PreferenceOutcome> {
  const extension = preferredExtensionOf(agent);
  if (extension === undefined) return { kind: 'REFUSED', reason: 'NOT_AN_EXTENSION' };
  if (!ranges.includes(extension)) return { kind: 'REFUSED', reason: 'NOT_IN_RANGE' };
  const refusal = await findRefusal(directory, extension);
  if (refusal) return { kind: 'REFUSED', reason: refusal };
  const outcome = await assign(extension);
  switch (outcome.kind) {
    case 'DONE':
      return { kind: 'ASSIGNED', extension };
    case 'NUMBER_TAKEN':
      return { kind: 'REFUSED', reason: (await findRefusal(directory, extension)) ?? 'ASSIGNED' };
    default:
      return outcome;
  }
}

async function findRefusal(directory: Directory, extension: string): Promise<PreferenceRefusal | undefined> {
  const record = await getNumber(directory, extension, { consistent: true });
  if (!record) return 'MISSING';
  return record.state === 'UNUSED' ? undefined : record.state;
}
