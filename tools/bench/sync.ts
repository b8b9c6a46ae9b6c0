// The Connect calls and writes of a sync of 10,000 agents, and the memory of a sync of 100,000.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { objectAt, textAt } from '#tools/json.ts';
import { readTemplate } from '#tools/local/template/index.ts';
import { type BenchTables, createBenchTables } from './bench-tables.ts';
import type { Figure } from './report.ts';
import type { SyncMeasurement } from './sync-child.ts';

const AGENTS = 10_000;
const MANY_AGENTS = 100_000;
const USERS_PAGE_SIZE = 500;
const MAX_MEGABYTES = 256;

export async function measureSync(): Promise<Figure[]> {
  const few = await measure(AGENTS);
  const many = await measure(MANY_AGENTS);
  return [
    {
      name: `sync of ${AGENTS} agents: Connect calls`,
      value: few.first.connectCalls,
      // One more lists the phone numbers of the instance.
      floor: Math.ceil(AGENTS / USERS_PAGE_SIZE) + 1,
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
      floor: MAX_MEGABYTES,
      unit: 'MB',
      goal: { atMost: 1 },
      note: 'floor: the limit',
    },
  ];
}

/** Runs the sync in its own process, so that the memory is that of the sync. */
async function measure(agents: number): Promise<SyncMeasurement> {
  const tables = await createBenchTables();
  try {
    return await run(tables, agents);
  } finally {
    await tables.stop();
  }
}

async function run({ endpoint, directory }: BenchTables, agents: number): Promise<SyncMeasurement> {
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

/** The options of Node that the template sets for this function. */
function nodeOptions(): string[] {
  const { resources } = readTemplate(process.cwd());
  const sync = resources.find(({ logicalId }) => logicalId === 'AgentSyncFunction');
  const variables = objectAt(objectAt(sync?.properties ?? {}, 'Environment'), 'Variables');
  return textAt(variables, 'NODE_OPTIONS')?.split(' ') ?? [];
}
