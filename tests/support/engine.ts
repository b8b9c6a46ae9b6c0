import { accessSync, constants, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { type Engine, startEngine } from '#tools/local/engine/index.ts';
import { tableSchemas } from '#tools/local/engine/tables.ts';
import { readTemplate } from '#tools/local/template/index.ts';

/** Both projects that need an engine share one; the last to end stops it. */
const shared = globalThis as { switchboardEngine?: Engine; switchboardEngineUsers?: number };

/** The variables by which the tests find the engine, and the template's tables, which take a while to read. */
export const ENGINE_VARIABLE = 'SWITCHBOARD_TEST_ENGINE';
export const TABLES_VARIABLE = 'SWITCHBOARD_TEST_TABLES';

export async function startTestEngine(root: string): Promise<void> {
  shared.switchboardEngineUsers = (shared.switchboardEngineUsers ?? 0) + 1;
  if (shared.switchboardEngine) return;
  const endpoint = process.env.DYNAMODB_ENDPOINT;
  shared.switchboardEngine = await startEngine({ root, endpoint, scratchParent: engineFolder() });
  process.env[ENGINE_VARIABLE] = shared.switchboardEngine.endpoint;
  process.env[TABLES_VARIABLE] = JSON.stringify(tableSchemas(readTemplate(root)));
}

export async function stopTestEngine(): Promise<void> {
  shared.switchboardEngineUsers = (shared.switchboardEngineUsers ?? 1) - 1;
  if (shared.switchboardEngineUsers > 0) return;
  await shared.switchboardEngine?.stop();
  delete shared.switchboardEngine;
}

const SHARED_MEMORY = '/dev/shm';
const MIN_FREE_BYTES = 1024 ** 3;

/** The folder for the data of an engine: in memory if there is space, so that no test waits for a disk. */
export function engineFolder(): string {
  try {
    accessSync(SHARED_MEMORY, constants.W_OK);
    const { bavail, bsize } = statfsSync(SHARED_MEMORY);
    if (bavail * bsize >= MIN_FREE_BYTES) return SHARED_MEMORY;
  } catch {
    // Not every system has shared memory.
  }
  return tmpdir();
}
