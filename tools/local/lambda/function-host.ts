import { randomUUID } from 'node:crypto';
import { createEnvironmentPool, type LogListener } from './environment-pool.ts';
import type { InvocationOutcome } from './execution-environment.ts';
import type { FunctionDefinition } from './function-definitions.ts';
import type { FunctionError } from './worker-protocol.ts';

export interface FunctionInvocation {
  requestId: string;
  outcome: InvocationOutcome;
  /** What the function logged, with Lambda's own START, END and REPORT lines. */
  log: string;
}

/** The functions, each in worker threads of its own. */
export interface FunctionHost {
  definitions: ReadonlyMap<string, FunctionDefinition>;
  /** Loads every function once; the faults by function name. */
  load(): Promise<Map<string, FunctionError>>;
  /**
   * Runs one event and waits for its end.
   *
   * @param event JSON
   * @throws when there is no such function
   */
  invoke(name: string, event: string, clientContext?: string): Promise<FunctionInvocation>;
  stop(): Promise<void>;
}

export function createFunctionHost(
  root: string,
  definitions: FunctionDefinition[],
  onLog: LogListener,
): FunctionHost {
  const byName = new Map(definitions.map((definition) => [definition.name, definition]));
  const pools = new Map(
    definitions.map((definition) => [definition.name, createEnvironmentPool(root, definition, onLog)]),
  );

  return {
    definitions: byName,
    async load() {
      const faults = new Map<string, FunctionError>();
      await Promise.all(
        [...pools].map(async ([name, pool]) => {
          const fault = await pool.load();
          if (fault) faults.set(name, fault);
        }),
      );
      return faults;
    },
    async invoke(name, event, clientContext) {
      const definition = byName.get(name);
      const pool = pools.get(name);
      if (!definition || !pool) throw new Error(`The function ${name} does not exist.`);
      const requestId = randomUUID();
      const started = performance.now();
      let log = `START RequestId: ${requestId} Version: $LATEST\n`;
      const request = {
        requestId,
        event,
        functionName: name,
        functionArn: definition.arn,
        memoryMb: definition.memoryMb,
        ...(clientContext ? { clientContext } : {}),
      };
      const outcome = await pool.run(request, (text) => {
        log += text;
      });
      log += `END RequestId: ${requestId}\n${report(requestId, performance.now() - started, definition)}\n`;
      return { requestId, outcome, log };
    },
    async stop() {
      await Promise.all([...pools.values()].map((pool) => pool.stop()));
    },
  };
}

function report(requestId: string, milliseconds: number, { memoryMb }: FunctionDefinition): string {
  const duration = `Duration: ${milliseconds.toFixed(2)} ms\tBilled Duration: ${Math.ceil(milliseconds)} ms`;
  return `REPORT RequestId: ${requestId}\t${duration}\tMemory Size: ${memoryMb} MB`;
}
