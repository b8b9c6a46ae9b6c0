import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { FunctionDefinition } from './function-definitions.ts';
import type { FunctionError, WorkerData, WorkerMessage, WorkerRequest } from './worker-protocol.ts';

/** How an event ended. */
export type InvocationOutcome =
  | { kind: 'answer'; payload: string }
  | { kind: 'failed'; error: FunctionError };

/** One execution environment: one worker thread, one event at a time. */
export interface ExecutionEnvironment {
  /** The error of a module that could not be loaded. */
  readonly loading: Promise<FunctionError | undefined>;
  /** False once it cannot take another event. */
  readonly usable: boolean;
  run(request: WorkerRequest, timeoutMs: number): Promise<InvocationOutcome>;
  stop(): Promise<void>;
}

/** Lambda allows ten seconds. The local stack loads all functions at once, which takes longer. */
const LOAD_TIMEOUT_MS = 60_000;

export function startExecutionEnvironment(
  root: string,
  definition: FunctionDefinition,
  onLog: (text: string) => void,
): ExecutionEnvironment {
  const data: WorkerData = { file: definition.file, handler: definition.handler };
  const worker = new Worker(join(root, 'tools/local/lambda/worker.ts'), {
    workerData: data,
    env: definition.environment,
    resourceLimits: { maxOldGenerationSizeMb: definition.memoryMb },
    name: definition.name,
  });
  const end: { error?: FunctionError } = {};
  let settle:
    | ((message: InvocationOutcome | { kind: 'loaded' | 'not loaded'; error?: FunctionError }) => void)
    | undefined;

  worker.on('message', (message: WorkerMessage) => {
    if (message.kind === 'log') onLog(message.text);
    else settle?.(message);
  });
  worker.on('error', (error: NodeJS.ErrnoException) => {
    end.error = threadError(error);
  });
  worker.on('exit', (code) => {
    end.error ??= {
      errorType: 'Runtime.ExitError',
      errorMessage: `Runtime exited with error: exit status ${code}`,
    };
    settle?.({ kind: 'failed', error: end.error });
  });

  /** Waits for the next message of the worker. Ends a worker that sends none in time. */
  function next(timeoutMs: number): Promise<{ kind: string; payload?: string; error?: FunctionError }> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        end.error = timeoutError(timeoutMs);
        void worker.terminate();
      }, timeoutMs);
      settle = (message) => {
        clearTimeout(timer);
        settle = undefined;
        resolve(message);
      };
      if (end.error) settle({ kind: 'failed', error: end.error });
    });
  }

  const loading = next(LOAD_TIMEOUT_MS).then(({ kind, error }) => {
    if (kind === 'loaded') return undefined;
    end.error ??= error ?? { errorType: 'Runtime.Unknown', errorMessage: 'The function could not be loaded' };
    return end.error;
  });
  return {
    loading,
    get usable() {
      return end.error === undefined;
    },
    async run(request, timeoutMs) {
      const answer = next(timeoutMs);
      worker.postMessage(request);
      const outcome = withRequestId((await answer) as InvocationOutcome, request.requestId);
      if (outcome.kind === 'failed' && outcome.error.errorType === 'Sandbox.Timedout') {
        // Lambda logs the timeout for the function.
        onLog(`${new Date().toISOString()} ${request.requestId} ${timeoutError(timeoutMs).errorMessage}\n\n`);
      }
      return outcome;
    },
    async stop() {
      end.error ??= { errorType: 'Runtime.Stopped', errorMessage: 'The local stack is stopping' };
      await worker.terminate();
    },
  };
}

/** Messages of Lambda contain the request ID. Messages of the function do not. */
function withRequestId(outcome: InvocationOutcome, requestId: string): InvocationOutcome {
  if (
    outcome.kind === 'answer' ||
    !/^(Sandbox|Runtime)\.(Timedout|ExitError|OutOfMemory)$/.test(outcome.error.errorType)
  ) {
    return outcome;
  }
  const { errorType, errorMessage } = outcome.error;
  return {
    kind: 'failed',
    error: { errorType, errorMessage: `RequestId: ${requestId} Error: ${errorMessage}` },
  };
}

function timeoutError(timeoutMs: number): FunctionError {
  const seconds = (timeoutMs / 1000).toFixed(2);
  return { errorType: 'Sandbox.Timedout', errorMessage: `Task timed out after ${seconds} seconds` };
}

function threadError(error: NodeJS.ErrnoException): FunctionError {
  if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return { errorType: 'Runtime.OutOfMemory', errorMessage: 'Runtime exited with error: signal: killed' };
  }
  // Thrown outside an event, or an unhandled rejection: Lambda's runtime exits too.
  return {
    errorType: 'Runtime.ExitError',
    errorMessage: `Runtime exited with error: exit status 1 (${error.name}: ${error.message})`,
  };
}
