// Measures caller-lookup at both sizes and the bare Queries in turn, so that a slow moment of the machine affects all of
// them.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { createBenchKeyring } from './bench-tables.ts';

/** Milliseconds of each call. */
export interface Samples {
  small: number[];
  large: number[];
  /** The bare Queries, on the small tables. */
  bare: number[];
}

interface Tables {
  endpoint: string;
  contacts: string;
  lookup: string;
  count: number;
}

type Handler = (event: object, context: object) => Promise<Record<string, string>>;

const WARM_UP = 500;
const CALLS = 4_000;

const tables: Record<'small' | 'large', Tables> = JSON.parse(process.env.BENCH_TABLES ?? '{}');
const keyring = createBenchKeyring();
const client = new DynamoDBClient({ endpoint: tables.small.endpoint });
const handlers = { small: await loadHandler('small'), large: await loadHandler('large') };

const samples: Samples = { small: [], large: [], bare: [] };
for (let call = 0; call < WARM_UP + CALLS; call++) {
  const small = await measureMs(() => invokeLookup('small'));
  const bare = await measureMs(() => queryTables(tables.small));
  const large = await measureMs(() => invokeLookup('large'));
  if (call < WARM_UP) continue;
  samples.small.push(small);
  samples.bare.push(bare);
  samples.large.push(large);
}
process.send?.(samples);

/** The function reads its settings at import. The query makes Node import it again. */
async function loadHandler(size: 'small' | 'large'): Promise<Handler> {
  const { endpoint, contacts, lookup } = tables[size];
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    CONTACTS_TABLE: contacts,
    LOOKUP_TABLE: lookup,
  });
  const { handler } = await import(
    `${pathToFileURL(resolve('dist/functions/caller-lookup/index.mjs'))}?${size}`
  );
  return handler;
}

process.once('disconnect', () => process.exit());

function phoneOf(number: number): string {
  return `+1415${String(2_000_000 + number)}`;
}

async function invokeLookup(size: 'small' | 'large'): Promise<void> {
  const number = Math.floor(Math.random() * tables[size].count);
  const endpoint = { Address: phoneOf(number), Type: 'TELEPHONE_NUMBER' };
  const answer = await handlers[size](
    { Details: { ContactData: { CustomerEndpoint: endpoint }, Parameters: {} } },
    {},
  );
  if (answer.status !== 'FOUND' || answer.contactId !== `bench-${number}`) {
    throw new Error(`Contact ${number} got the status ${answer.status}.`);
  }
}

async function queryTables({ lookup, contacts, count }: Tables): Promise<void> {
  const number = Math.floor(Math.random() * count);
  const rows = await client.send(
    new QueryCommand({
      TableName: lookup,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: keyring.hash(phoneOf(number)) } },
    }),
  );
  const contactId = rows.Items?.[0]?.sk?.S;
  const items = await client.send(
    new QueryCommand({
      TableName: contacts,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: `CONTACT#${contactId}` } },
    }),
  );
  if (items.Count !== 1) throw new Error(`Contact ${number} is not stored.`);
}

async function measureMs(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
