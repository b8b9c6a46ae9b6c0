// The sync of 10,000 agents in Connect calls and writes, and of 100,000 in memory.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { objectAt, textAt } from '#tools/json.ts';
import { readTemplate } from '#tools/local/template/index.ts';
import type { Figure } from './report.ts';
import type { SyncMeasurement } from './sync-child.ts';
import { startWorld, type World } from './world.ts';

const AGENTS = 10_000;
const MANY_AGENTS = 100_000;
const USERS_A_PAGE = 500;
const MEGABYTE_LIMIT = 256;

export async function sync(): Promise<Figure[]> {
  const few = await measure(AGENTS);
  const many = await measure(MANY_AGENTS);
  return [
    {
      name: `sync of ${AGENTS} agents: Connect calls`,
      value: few.first.connectCalls,
      // One more asks for the phone numbers of the instance.
      floor: Math.ceil(AGENTS / USERS_A_PAGE) + 1,
      unit: 'calls',
      goal: { atMost: 1 },
      note: `${few.first.agents} agents have an extension`,
    },
    {
      name: `sync of ${AGENTS} agents, nothing changed: writes`,
      value: few.second.writes,
      floor: 0,
      unit: 'writes',
      goal: { atMost: 1 },
      note: `${few.second.connectCalls} Connect calls`,
    },
    {
      name: `sync of ${MANY_AGENTS} new agents: memory of the process at its peak`,
      value: many.peakMegabytes,
      floor: MEGABYTE_LIMIT,
      unit: 'MB',
      goal: { atMost: 1 },
      note: 'floor: the limit',
    },
  ];
}

/** In a process of its own, whose memory is the sync's. */
async function measure(agents: number): Promise<SyncMeasurement> {
  const world = await startWorld();
  try {
    return await run(world, agents);
  } finally {
    await world.stop();
  }
}

async function run({ endpoint, directory }: World, agents: number): Promise<SyncMeasurement> {
  const child = fork('tools/bench/sync-child.ts', {
    execArgv: nodeOptions(),
    env: {
      ...process.env,
      AGENTS: String(agents),
      DIRECTORY_TABLE: directory,
      AWS_ENDPOINT_URL_DYNAMODB: endpoint,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'bench',
      AWS_SECRET_ACCESS_KEY: 'bench',
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The measuring process ended with ${code} before it reported.`);
  });
  const [measurement] = await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => undefined);
  child.kill();
  return measurement;
}

/** What the template gives to Node for this function. */
function nodeOptions(): string[] {
  const { resources } = readTemplate(process.cwd());
  const sync = resources.find(({ logicalId }) => logicalId === 'AgentSyncFunction');
  const variables = objectAt(objectAt(sync?.properties ?? {}, 'Environment'), 'Variables');
  return textAt(variables, 'NODE_OPTIONS')?.split(' ') ?? [];
}
