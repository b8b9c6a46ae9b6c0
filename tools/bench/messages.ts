// messages-api's built artifact, warm: accepting one message against a bare conditional PutItem into the same table,
// which has a stream as in the template.
import { BatchWriteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { lookupKey } from '@switchboard/core/contacts';
import { measureInChild, startKms } from './child.ts';
import type { MessageBench } from './message-floor.ts';
import type { MessageSamples } from './messages-child.ts';
import type { Figure } from './report.ts';
import type { ManySamples } from './send-many-child.ts';
import { benchKeyring, startWorld, type World } from './world.ts';

/** Recipients, each a contact's number. */
const RECIPIENTS = 1_000;
const HEAP_MEGABYTES = 64;
/** Between two collections the measurement itself is not exact. */
const SLACK_MEGABYTES = 2;
const FROM = '+16135550100';
const recipients = Array.from({ length: RECIPIENTS }, (_, index) => `+1415${2_000_000 + index}`);

export async function messages(): Promise<Figure[]> {
  const world = await startWorld(undefined, { streams: true });
  const kms = await startKms();
  try {
    await store(world);
    const { sendOne, bare, sendOneAtOnce, bareAtOnce } = await measureInChild<MessageSamples>(
      'tools/bench/messages-child.ts',
      environmentOf(world, kms.url),
    );
    const many = await measureInChild<ManySamples>('tools/bench/send-many-child.ts', {
      ...environmentOf(world, kms.url),
      // Far below what Lambda gives the function: what piles up ends the process.
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
        // What was asked for, where the engine allows as much.
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
    await world.stop();
  }
}

function environmentOf(world: World, kmsUrl: string): Record<string, string> {
  const bench = { endpoint: world.endpoint, table: world.messages, from: FROM, recipients };
  return {
    BENCH_MESSAGES: JSON.stringify(bench satisfies MessageBench),
    AWS_ENDPOINT_URL_DYNAMODB: world.endpoint,
    AWS_ENDPOINT_URL_KMS: kmsUrl,
    MESSAGES_TABLE: world.messages,
    IDEMPOTENCY_TABLE: world.idempotency,
    LOOKUP_TABLE: world.lookup,
    DIRECTORY_TABLE: world.directory,
    MESSAGE_RETENTION_DAYS: '30',
  };
}

/** A number of ours, and contacts to text. */
async function store({ client, directory, lookup }: World): Promise<void> {
  const keyring = benchKeyring();
  const Item = { pk: `NUMBER#${FROM}`, sk: 'NUMBER', pool: 'direct', state: 'ASSIGNED', agentId: 'bench' };
  await client.send(new PutCommand({ TableName: directory, Item }));
  for (let at = 0; at < RECIPIENTS; at += 25) {
    const requests = recipients.slice(at, at + 25).map((number, offset) => ({
      PutRequest: { Item: lookupKey(keyring.hash(number), `bench-${at + offset}`) },
    }));
    await client.send(new BatchWriteCommand({ RequestItems: { [lookup]: requests } }));
  }
}
