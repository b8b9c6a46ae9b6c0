import type { DeadLetterQueues } from '#tools/local/emulators/dead-letter-queues.ts';
import type { FunctionHost } from './function-host.ts';

/** Lambda waits one minute, then two. The local stack retries sooner. */
const RETRY_AFTER_MS = [1_000, 2_000];

export interface AsyncInvoker {
  /** Accepts an event. After three failed attempts, the event goes to the dead-letter queue. */
  accept(name: string, event: string): void;
  /** Accepts an event and waits for the end. Returns true if the function succeeded. */
  run(name: string, event: string): Promise<boolean>;
  /** Resolves when all accepted events are done. */
  idle(): Promise<void>;
  stop(): void;
}

export function createAsyncInvoker(
  host: FunctionHost,
  queues: DeadLetterQueues,
  retryAfterMs = RETRY_AFTER_MS,
): AsyncInvoker {
  const stopping = new AbortController();
  const running = new Set<Promise<boolean>>();

  async function run(name: string, event: string): Promise<boolean> {
    for (let attempt = 0; ; attempt++) {
      const { requestId, outcome } = await host.invoke(name, event);
      if (outcome.kind === 'answer') return true;
      const delayMs = retryAfterMs[attempt];
      if (stopping.signal.aborted) return false;
      if (delayMs === undefined) {
        const deadLetters = host.definitions.get(name)?.deadLetterArn;
        const { errorType, errorMessage } = outcome.error;
        const attributes = {
          RequestID: requestId,
          ErrorCode: errorType,
          ErrorMessage: errorMessage.slice(0, 1024),
        };
        if (deadLetters) queues.send(deadLetters, event, attributes);
        return false;
      }
      await waitOrStop(delayMs, stopping.signal);
    }
  }

  return {
    accept(name, event) {
      const end = run(name, event).finally(() => running.delete(end));
      running.add(end);
    },
    run,
    async idle() {
      while (running.size > 0) await Promise.allSettled(running);
    },
    stop: () => stopping.abort(),
  };
}

/** Ends early without an error if the stack stops. */
function waitOrStop(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
