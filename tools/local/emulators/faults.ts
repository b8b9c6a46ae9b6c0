import { invalid } from './errors.ts';

export const FAULTS = [
  '429',
  '500',
  /** An answer of something in between, which knows nothing of AWS's errors. */
  '502',
  'access-denied',
  'empty-page',
  'delay',
  /** No answer ever; the operation is not done. */
  'hang',
  /** The operation is done, and its answer is lost on the way. */
  'answer-lost',
] as const;
export type FaultKind = (typeof FAULTS)[number];

export interface Fault {
  /** The operation, `SearchUsers`, or `*` for any. */
  operation: string;
  fault: FaultKind;
  /** How many requests still meet it. */
  times: number;
  /** How long the answer waits; beside any fault, or alone. */
  delayMs: number;
}

/** What tests, and people who try things, ask the emulator to do wrong. */
export interface Faults {
  add(description: unknown): Fault;
  /** The fault that the next request of an operation meets, if any. */
  take(operation: string): Fault | undefined;
  all(): Fault[];
  clear(): void;
}

export function createFaults(operations: string[]): Faults {
  let faults: Fault[] = [];
  return {
    add(description) {
      const fault = parseFault(description, operations);
      faults.push(fault);
      return fault;
    },
    take(operation) {
      const fault = faults.find((one) => one.operation === operation || one.operation === '*');
      if (!fault) return undefined;
      fault.times--;
      faults = faults.filter(({ times }) => times > 0);
      return fault;
    },
    all: () => faults,
    clear() {
      faults = [];
    },
  };
}

function parseFault(description: unknown, operations: string[]): Fault {
  const { operation, fault, times = 1, delayMs = 0 } = (description ?? {}) as Record<string, unknown>;
  if (operation !== '*' && !operations.includes(String(operation))) {
    throw invalid(`operation is one of *, ${operations.join(', ')}.`);
  }
  const kind = FAULTS.find((one) => one === String(fault));
  if (!kind) throw invalid(`fault is one of ${FAULTS.join(', ')}.`);
  if (!Number.isInteger(times) || Number(times) < 1) throw invalid('times is a whole number from 1.');
  if (typeof delayMs !== 'number' || delayMs < 0) throw invalid('delayMs is a number of milliseconds.');
  return { operation: String(operation), fault: kind, times: Number(times), delayMs };
}
