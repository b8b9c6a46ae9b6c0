// messages-api's built artifact, warm: accepting one message against a bare conditional PutItem into the same table,
// which has a stream as in the template.
import { BatchWriteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { lookupKey } from '@switchboard/core/contacts';
import { type BenchTables, createBenchKeyring, createBenchTables } from './bench-tables.ts';
import { measureInChild, startKmsEmulator } from './measure-in-child.ts';
import type { MessageBenchSettings } from './message-floor.ts';
import type { MessageSamples } from './messages-child.ts';
import type { Figure } from './report.ts';
import type { ManySamples } from './send-many-child.ts';

/** Recipients, each a contact's number. */
const RECIPIENTS = 1_000;
const HEAP_MEGABYTES = 64;
/** The measurement between two garbage collections is not exact. */
const SLACK_MEGABYTES = 2;
const FROM = '+16135550100';
const recipients = Array.from({ length: RECIPIENTS }, (_, index) => `+1415${2_000_000 + index}`);

export async function measureMessages(): Promise<Figure[]> {
  const tables = await createBenchTables(undefined, { streams: true });
  const kms = await startKmsEmulator();
  try {
    await storeRecipients(tables);
    const { sendOne, bare, sendOneAtOnce, bareAtOnce } = await measureInChild<MessageSamples>(
      'tools/bench/messages-child.ts',
      environmentOf(tables, kms.url),
    );
    const many = await measureInChild<ManySamples>('tools/bench/send-many-child.ts', {
      ...environmentOf(tables, kms.url),
      // Far less than the function has in Lambda: the process ends if memory accumulates.
      NODE_OPTIONS: `--max-old-space-size=${HEAP_MEGABYTES}`,
    });
    const against = (name: string, value: number, floor: number): Figure => ({
      name: `send one, ${name}`,
      value,
      floor,
      unit: 'per s',
      goal: { atLeast: 0.4 },
      note: 'floor: bare conditional PutItem',
    });
    return [
      against('one after the other', sendOne, bare),
      against('16 at once', sendOneAtOnce, bareAtOnce),
      {
        name: 'send one, sustained',
        value: sendOneAtOnce,
        // The goal, or less if the engine is slower.
        floor: Math.min(500, bareAtOnce * 0.4),
        unit: 'per s',
        goal: { atLeast: 1 },
        note: `floor: 500, or 0.4 of the ${Math.round(bareAtOnce)} bare PutItems that the engine does`,
      },
      {
        name: `send many, ${many.lines} lines`,
        value: many.perSecond,
        floor: many.bare,
        unit: 'per s',
        goal: { atLeast: 0.4 },
        note: 'floor: bare conditional PutItem, as many at once',
      },
      {
        name: `send many, ${many.lines} lines: held beside the request`,
        value: many.heldMegabytes,
        floor: many.fewHeldMegabytes + SLACK_MEGABYTES,
        unit: 'MB',
        goal: { atMost: 1 },
        note: `floor: what a tenth of the lines holds, and ${SLACK_MEGABYTES} MB; the heap has ${HEAP_MEGABYTES} MB`,
      },
    ];
  } finally {
    kms.stop();
    await tables.stop();
  }
}

function environmentOf(tables: BenchTables, kmsUrl: string): Record<string, string> {
  const bench = { endpoint: tables.endpoint, table: tables.messages, from: FROM, recipients };
  return {
    BENCH_MESSAGES: JSON.stringify(bench satisfies MessageBenchSettings),
    AWS_ENDPOINT_URL_DYNAMODB: tables.endpoint,
    AWS_ENDPOINT_URL_KMS: kmsUrl,
    MESSAGES_TABLE: tables.messages,
    IDEMPOTENCY_TABLE: tables.idempotency,
    LOOKUP_TABLE: tables.lookup,
    DIRECTORY_TABLE: tables.directory,
    MESSAGE_RETENTION_DAYS: '30',
  };
}

/** Stores a number of the deployment, and contacts that texts can go to. */
async function storeRecipients({ client, directory, lookup }: BenchTables): Promise<void> {
  const keyring = createBenchKeyring();
  const Item = { pk: `NUMBER#${FROM}`, sk: 'NUMBER', pool: 'direct', state: 'ASSIGNED', agentId: 'bench' };
  await client.send(new PutCommand({ TableName: directory, Item }));
  for (let at = 0; at < RECIPIENTS; at += 25) {
    const requests = recipients.slice(at, at + 25).map((number, offset) => ({
      PutRequest: { Item: lookupKey(keyring.hash(number), `bench-${at + offset}`) },
    }));
    await client.send(new BatchWriteCommand({ RequestItems: { [lookup]: requests } }));
  }
}
