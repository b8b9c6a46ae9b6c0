import { startFunctions } from '#support/functions.ts';
import { freshTables } from '#support/tables.ts';
import { type Calls, startRecorder } from './recorder.ts';
import { FEW_EXTENSIONS, SCENARIOS, type Start, type World } from './scenarios.ts';

/** Runs a function's scenario and gives every call that any function made meanwhile. */
export async function recordScenario(name: string, parameters: Record<string, string>): Promise<Calls> {
  const scenario = SCENARIOS[name];
  if (!scenario) throw new Error(`${name} has no scenario in tests/support/iam/scenarios.ts.`);
  const calls: Calls = new Map();
  const stops: (() => Promise<void>)[] = [];
  const start: Start = async (changes = {}, before) => {
    const tables = before?.tables ?? (await freshTables());
    const functions = await startFunctions(tables, {
      parameters: { ...parameters, ...FEW_EXTENSIONS, ...changes },
      async through(direct) {
        const recorder = await startRecorder(direct, calls);
        stops.push(recorder.stop);
        return recorder.endpoints;
      },
    });
    stops.push(functions.stop);
    for (const user of before?.connect.state.users.all() ?? []) functions.connect.state.users.put(user);
    return { ...functions, tables } satisfies World;
  };
  try {
    await scenario(start);
    return calls;
  } finally {
    // Functions first, then what they call.
    for (const stop of stops.reverse()) await stop();
  }
}
