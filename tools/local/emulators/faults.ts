import { invalid } from './errors.ts';

export const FAULTS = [
  '429',
  '500',
  /** A response of a proxy, without an AWS error. */
  '502',
  'access-denied',
  'empty-page',
  'delay',
  /** Never responds and does not run the operation. */
  'hang',
  /** Runs the operation and loses the response. */
  'answer-lost',
] as const;
export type FaultKind = (typeof FAULTS)[number];

export interface Fault {
  /** The operation, `SearchUsers`, or `*` for any. */
  operation: string;
  fault: FaultKind;
  /** The number of requests that still fail. */
  times: number;
  /** The delay of the response, with or without another fault. */
  delayMs: number;
}

/** Faults that tests and developers inject into the emulator. */
export interface Faults {
  add(description: unknown): Fault;
  /** Takes the fault for the next request of an operation, if any. */
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
