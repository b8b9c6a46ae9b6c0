import { type Engine, startEngine } from '../../local/engine/index.ts';

/** Both projects that need an engine share one; the last to end stops it. */
const shared = globalThis as { switchboardEngine?: Engine; switchboardEngineUsers?: number };

/** The variable by which the tests find the engine. */
export const ENGINE_VARIABLE = 'SWITCHBOARD_TEST_ENGINE';

export async function startTestEngine(root: string): Promise<void> {
  shared.switchboardEngineUsers = (shared.switchboardEngineUsers ?? 0) + 1;
  if (shared.switchboardEngine) return;
  shared.switchboardEngine = await startEngine({ root, endpoint: process.env.DYNAMODB_ENDPOINT });
  process.env[ENGINE_VARIABLE] = shared.switchboardEngine.endpoint;
}

export async function stopTestEngine(): Promise<void> {
  shared.switchboardEngineUsers = (shared.switchboardEngineUsers ?? 1) - 1;
  if (shared.switchboardEngineUsers > 0) return;
  await shared.switchboardEngine?.stop();
  delete shared.switchboardEngine;
}
