import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { displayName, extensionOf, getAgent } from '#core/directory/agents.ts';
import { numberKey } from '#core/directory/numbers.ts';
import type { Directory } from '#core/directory/table.ts';
import type { PhonebookUser } from './phonebook.ts';

export async function hasNumber({ client, table }: Directory, phoneNumber: string): Promise<boolean> {
  const { Item } = await client.send(
    new GetCommand({ TableName: table, Key: numberKey(phoneNumber), ProjectionExpression: 'pk' }),
  );
  return Item !== undefined;
}

/** Finds the numbers of one user. */
export async function getPhonebookUser(
  directory: Directory,
  userId: string,
): Promise<PhonebookUser | undefined> {
  // A consistent read, so that an assignment is visible at once.
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
