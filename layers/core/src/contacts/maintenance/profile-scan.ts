import { PROFILE } from '#core/contacts/keys.ts';

/** Reads the contacts of ContactsTable and leaves out the items beside them. */
export function profileScan(TableName: string, Limit = 500) {
  return {
    TableName,
    Limit,
    ConsistentRead: true,
    FilterExpression: 'sk = :profile',
    ExpressionAttributeValues: { ':profile': PROFILE },
  };
}
