import { displayName, extensionOf, getAgent } from '#core/directory/agents.ts';
import type { Directory } from '#core/directory/table.ts';
import type { PhonebookUser } from './phonebook.ts';

export async function getPhonebookUser(
  directory: Directory,
  userId: string,
): Promise<PhonebookUser | undefined> {
  // Consistent, so that what was assigned a moment ago is told.
  const agent = await getAgent(directory, userId, { consistent: true });
  if (!agent) return undefined;
  const extension = extensionOf(agent);
  const { username, directNumber } = agent;
  return {
    userId,
    username,
    displayName: displayName(agent),
    ...(extension === undefined ? {} : { extension }),
    ...(directNumber === undefined ? {} : { directNumber }),
  };
}
