import {
  type ExecutionEnvironment,
  type InvocationOutcome,
  startExecutionEnvironment,
} from './execution-environment.ts';
import type { FunctionDefinition } from './function-definitions.ts';
import type { FunctionError, WorkerRequest } from './worker-protocol.ts';

/** The maximum concurrency of one function. More events wait. */
const CONCURRENCY = 8;
/** An idle environment ends after this time, except for the first one. */
const IDLE_MS = 60_000;

export type LogListener = (functionName: string, text: string) => void;

/** The execution environments of one function: one for each concurrent event. */
export interface EnvironmentPool {
  /** Starts one environment before the first event. Returns the fault of the function, if any. */
  load(): Promise<FunctionError | undefined>;
  run(request: Omit<WorkerRequest, 'deadline'>, onLog: (text: string) => void): Promise<InvocationOutcome>;
  stop(): Promise<void>;
}

interface Slot {
  instance: ExecutionEnvironment;
  log: (text: string) => void;
  idleTimer?: NodeJS.Timeout;
}

export function createEnvironmentPool(
  root: string,
  definition: FunctionDefinition,
  onLog: LogListener,
): EnvironmentPool {
  const idle: Slot[] = [];
  const all = new Set<Slot>();
  const waiting: (() => void)[] = [];
  let busy = 0;
  let stopped = false;

  function start(): Slot {
    const slot: Slot = { instance: startExecutionEnvironment(root, definition, hear), log: () => {} };
    function hear(text: string) {
      onLog(definition.name, text);
      slot.log(text);
    }
    all.add(slot);
    return slot;
  }

  function drop(slot: Slot): void {
    all.delete(slot);
    void slot.instance.stop();
  }

  function rest(slot: Slot): void {
    slot.log = () => {};
    if (!slot.instance.usable || stopped) {
      drop(slot);
      return;
    }
    idle.push(slot);
    slot.idleTimer = setTimeout(() => {
      if (all.size === 1) return;
      idle.splice(idle.indexOf(slot), 1);
      drop(slot);
    }, IDLE_MS).unref();
  }

  /** The most recently used environment, so that the others become idle. */
  function take(): Slot {
    for (let slot = idle.pop(); slot; slot = idle.pop()) {
      clearTimeout(slot.idleTimer);
      if (slot.instance.usable) return slot;
      drop(slot);
    }
    return start();
  }

  return {
    async load() {
      const slot = start();
      const error = await slot.instance.loading;
      rest(slot);
      return error;
    },
    async run(request, log) {
      // A finished event passes its slot to the next waiting event.
      if (busy >= CONCURRENCY) await new Promise<void>((resolve) => waiting.push(resolve));
      else busy++;
      const slot = take();
      slot.log = log;
      try {
        const error = await slot.instance.loading;
        if (error) return { kind: 'failed', error };
        const deadline = Date.now() + definition.timeoutMs;
        return await slot.instance.run({ ...request, deadline }, definition.timeoutMs);
      } finally {
        rest(slot);
        const next = waiting.shift();
        if (next) next();
        else busy--;
      }
    },
    async stop() {
      stopped = true;
      await Promise.all([...all].map((slot) => slot.instance.stop()));
    },
  };
}
