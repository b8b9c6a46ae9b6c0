import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { type ContactBody, createIdentifierParser, createLookup } from '#core/contacts/index.ts';
import { createKeyring, type Keyring } from '#core/platform/keys/index.ts';
import { createPolicy, defaultPolicy } from '#core/platform/resilience/policy.ts';
import type { FreshTables } from './tables.ts';

/** The keys of an organization under the given versions, the one that writes first. */
export function testKeyring(versions: number[] = [1], organization = 'main'): Keyring {
  return createKeyring(
    organization,
    versions.map((version) => ({ version, secret: Buffer.alloc(64, version) })),
  );
}

/** A contact's body; a test names only what matters to it. */
export function contactBody(parts: Partial<ContactBody> = {}): ContactBody {
  return { identifiers: [], attributes: {}, privateAttributes: {}, ...parts };
}

/** The stream record of a change of a contact's keys; null for a missing image. */
export function streamRecord(
  contactId: string,
  before: Iterable<string> | null,
  after: Iterable<string> | null,
  sequenceNumber = '1',
): DynamoDBRecord {
  const image = (keys: Iterable<string>) => {
    const SS = [...keys];
    return SS.length > 0 ? { keys: { SS } } : {};
  };
  return {
    eventName: before === null ? 'INSERT' : after === null ? 'REMOVE' : 'MODIFY',
    eventSource: 'aws:dynamodb',
    dynamodb: {
      SequenceNumber: sequenceNumber,
      Keys: { pk: { S: `CONTACT#${contactId}` }, sk: { S: 'PROFILE' } },
      ...(before === null ? {} : { OldImage: image(before) }),
      ...(after === null ? {} : { NewImage: image(after) }),
    },
  };
}

interface Watch {
  /** Returns the name of the error that the call throws; undefined lets it pass. */
  fail?: (command: string) => string | undefined;
  /** Whether a call that throws takes effect. */
  after?: boolean | undefined;
  /** Called after each call that succeeded, before it returns. */
  done?: (command: string) => void;
}

/** A client that records its calls and can be made to fail. */
export function watchClient(client: DynamoDBDocumentClient, { fail, after, done }: Watch = {}) {
  const calls: string[] = [];
  const send = async (command: object, options?: object) => {
    const name = command.constructor.name.replace('Command', '');
    calls.push(name);
    const error = fail?.(name);
    if (error && !after) throw awsError(error);
    const answer = await client.send(command as never, options as never);
    if (error) throw awsError(error);
    done?.(name);
    return answer;
  };
  return { client: { send } as unknown as DynamoDBDocumentClient, calls };
}

/** A client that fails from the given call on, as if its process had been killed. */
export function dyingClient(client: DynamoDBDocumentClient, calls: number): DynamoDBDocumentClient {
  let left = calls;
  const send = async (command: never) => {
    if (left-- <= 0) throw new Error('killed');
    return client.send(command);
  };
  return { send } as unknown as DynamoDBDocumentClient;
}

/** The lookup, with time limits for a busy machine. Each call reaches the tables, and an outage is not retried. */
export function createContactLookup(
  tables: Pick<FreshTables, 'client' | 'contacts' | 'lookup'>,
  { keyring, limit }: { keyring: () => Promise<Keyring>; limit: number },
) {
  const policy = (name: string) =>
    createPolicy({
      ...defaultPolicy,
      ...{ name, budgetMs: 20_000, attemptMs: 10_000, retries: 0, breakAfter: 1_000 },
    });
  return createLookup({
    index: { ...tables, callContacts: policy('contacts'), callLookup: policy('lookup') },
    keyring,
    parseIdentifier: createIdentifierParser('US'),
    budgetMs: 20_000,
    limit,
  });
}

/** Damages a contact, so that it cannot be decrypted. */
export async function damageContact({ client, contacts }: FreshTables, contactId: string): Promise<void> {
  await client.send(
    new UpdateCommand({
      TableName: contacts,
      Key: { pk: `CONTACT#${contactId}`, sk: 'PROFILE' },
      UpdateExpression: 'SET #blob = :blob',
      ExpressionAttributeNames: { '#blob': 'blob' },
      ExpressionAttributeValues: { ':blob': Buffer.from([1, 2, 3]) },
    }),
  );
}

/** An error as the SDK throws it. */
export function awsError(name: string): Error {
  const httpStatusCode = name === 'InternalServerError' ? 500 : 400;
  return Object.assign(new Error('injected'), { name, $metadata: { httpStatusCode } });
}
