import {
  type ExecutionEnvironment,
  type InvocationOutcome,
  startExecutionEnvironment,
} from './execution-environment.ts';
import type { FunctionDefinition } from './function-definitions.ts';
import type { FunctionError, WorkerRequest } from './worker-protocol.ts';

/** How many events of one function run at once here; more wait for their turn. */
const CONCURRENCY = 8;
/** An environment beyond the first that had nothing to do for this long is ended. */
const IDLE_MS = 60_000;

export type LogListener = (functionName: string, text: string) => void;

/** The execution environments of one function: as many as there are events at once. */
export interface EnvironmentPool {
  /** Starts one environment ahead of the first event, and says what is wrong with the function if anything is. */
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

  /** The most recently used one, so that those that are not needed grow old. */
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
      // A finished event hands its place to the next one, so that no other can take it.
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
