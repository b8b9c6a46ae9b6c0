// Two syncs of the same users. All users are new in the first sync, and none in the second.
import { setTimeout as sleep } from 'node:timers/promises';
import { ListPhoneNumbersV2Command, SearchUsersCommand } from '@aws-sdk/client-connect';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createAgentSync, systemClock } from '@switchboard/core/agent-sync';
import type { ConnectSender } from '@switchboard/core/connect';

process.once('disconnect', () => process.exit());

interface RunMeasurement {
  connectCalls: number;
  writes: number;
  agents: number;
}

export interface SyncMeasurement {
  first: RunMeasurement;
  second: RunMeasurement;
  /** The largest resident set, as Lambda counts it. */
  peakMegabytes: number;
}

const INSTANCE_ARN =
  'arn:aws:connect:eu-central-1:111122223333:instance/aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee';
const count = Number(process.env.AGENTS);
const measured = { connectCalls: 0, writes: 0 };

const client = DynamoDBDocumentClient.from(
  new DynamoDBClient({ endpoint: process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '' }),
  { marshallOptions: { removeUndefinedValues: true } },
);
client.middlewareStack.add(
  (next, { commandName }) =>
    (args) => {
      if (/Put|Update|Delete|Write/.test(commandName ?? '')) measured.writes += 1;
      return next(args);
    },
  { step: 'initialize', name: 'countWrites' },
);

const syncAgents = createAgentSync(
  {
    table: process.env.DIRECTORY_TABLE ?? '',
    instanceArn: INSTANCE_ARN,
    extensionRange: '100000-204999',
    quarantineDays: 30,
    directNumberFlow: 'switchboard extension-transfer',
    exportBucket: '',
  },
  {
    directory: { client, table: process.env.DIRECTORY_TABLE ?? '' },
    connect: { send: answerUsers } as unknown as ConnectSender,
    // The throttle waits, and waiting is not measured.
    clock: { ...systemClock, sleep: () => sleep(0) },
  },
);

const first = await run();
const second = await run();
const peakMegabytes = process.resourceUsage().maxRSS / 1_024;
process.send?.({ first, second, peakMegabytes } satisfies SyncMeasurement);

async function run(): Promise<RunMeasurement> {
  Object.assign(measured, { connectCalls: 0, writes: 0 });
  const { status, message, counts } = await syncAgents({}, 3_600_000);
  if (status !== 'DONE') throw new Error(`The sync ended as ${status}: ${message}`);
  return { ...measured, agents: counts.users - counts.waiting };
}

/** Creates each page of users on request, so that they do not count as memory of the sync. */
async function answerUsers(command: unknown): Promise<object> {
  measured.connectCalls += 1;
  // The instance has no phone numbers, so this is the only request for them.
  if (command instanceof ListPhoneNumbersV2Command) return {};
  if (!(command instanceof SearchUsersCommand)) throw new Error('The sync may only search for users.');
  const { NextToken = '0', MaxResults = 100 } = command.input;
  const from = Number(NextToken);
  const to = Math.min(from + MaxResults, count);
  const Users = Array.from({ length: to - from }, (_, offset) => userOf(from + offset));
  return { Users, ...(to < count ? { NextToken: String(to) } : {}) };
}

function userOf(number: number): object {
  const Id = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
  return {
    Id,
    Arn: `${INSTANCE_ARN}/agent/${Id}`,
    Username: `agent.number.${number}`,
    IdentityInfo: { FirstName: `First ${number}`, LastName: `Last ${number}` },
    RoutingProfileId: Id,
    SecurityProfileIds: [Id],
    Tags: {},
  };
}
