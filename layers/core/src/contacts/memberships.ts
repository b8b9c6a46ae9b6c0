import { type QueryCommandInput, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { writeIf } from '#core/platform/dynamodb/conditions.ts';
import { queryAll } from '#core/platform/dynamodb/paginate.ts';
import { updateExpression } from '#core/platform/dynamodb/update-expression.ts';
import { asUnavailable } from '#core/platform/errors.ts';
import {
  AUDIENCE_PREFIX,
  audienceIdOf,
  type ContactTables,
  contactPartition,
  membershipKey,
} from './table-keys.ts';

/** A contact's place in an audience. */
export interface Membership {
  audienceId: string;
  /** When it ends, to the second; undefined when it has no end. */
  until?: Date | undefined;
}

/**
 * Makes a contact a member of an audience, or changes when its membership ends. To end a membership, write it with an
 * `until` that has passed: the row stays until its TTL removes it, so a late write cannot bring the membership back.
 * The contact may be created later.
 *
 * @param at when this was decided; the latest decision takes precedence, in whatever order writes arrive
 * @returns false when a later decision is stored
 * @throws {UnavailableError}
 */
export async function writeMembership(
  { client, contacts }: Pick<ContactTables, 'client' | 'contacts'>,
  contactId: string,
  { audienceId, until }: Membership,
  at: Date,
): Promise<boolean> {
  const write = new UpdateCommand({
    TableName: contacts,
    Key: membershipKey(contactId, audienceId),
    ...updateExpression({
      set: { updatedAt: at.toISOString(), until: until && Math.floor(until.getTime() / 1_000) },
      when: { ConditionExpression: 'attribute_not_exists(#updatedAt) OR #updatedAt <= :updatedAt' },
    }),
  });
  return writeIf(asUnavailable('ContactsTable', client.send(write)));
}

/**
 * Reads the audiences that a contact is in, by ID.
 *
 * @throws {UnavailableError}
 */
export async function membershipsOf(
  { client, contacts }: Pick<ContactTables, 'client' | 'contacts'>,
  contactId: string,
  now = new Date(),
): Promise<Membership[]> {
  const query: QueryCommandInput = {
    TableName: contacts,
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :audience)',
    ExpressionAttributeValues: { ':pk': contactPartition(contactId), ':audience': AUDIENCE_PREFIX },
    ConsistentRead: true,
  };
  const items = await asUnavailable('ContactsTable', queryAll(client, query));
  return activeMemberships(items, now);
}

/** The memberships among the items of one contact. TTL deletes rows late, so the time decides. */
export function activeMemberships(items: readonly Record<string, unknown>[], now: Date): Membership[] {
  return items.flatMap(({ sk, until }) => {
    const audienceId = audienceIdOf(sk);
    if (audienceId === undefined || hasEnded(until, now)) return [];
    return [{ audienceId, ...(typeof until === 'number' ? { until: new Date(until * 1_000) } : {}) }];
  });
}

function hasEnded(until: unknown, now: Date): boolean {
  return typeof until === 'number' && until * 1_000 <= now.getTime();
}
