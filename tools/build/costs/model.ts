// What a deployment costs in a month, from the requests that a call makes. Free tiers are not taken off.
import { alarmMetrics } from '#tools/build/monitoring/alarms.ts';
import { ownMetricNames } from '#tools/build/monitoring/own-metrics.ts';

/**
 * US East (N. Virginia), USD, read on 2026-11-21 on pages that quote AWS's price lists of 2026: aws.amazon.com/…/pricing
 * of Lambda, DynamoDB, CloudWatch, KMS, X-Ray and API Gateway. Check them for your Region before you rely on a sum.
 */
export const PRICES = {
  lambdaRequest: 0.2e-6,
  /** arm64 */
  lambdaGigabyteSecond: 0.0000133334,
  readRequestUnit: 0.125e-6,
  writeRequestUnit: 0.625e-6,
  logGigabyte: 0.5,
  trace: 5e-6,
  metric: 0.3,
  alarmMetric: 0.1,
  dashboard: 3,
  key: 1,
  keyRequest: 0.03 / 10_000,
  apiRequest: 3.5e-6,
} as const;

/** Of those that a call always comes to; what flow-sms costs is the text that is sent. */
export type FlowFunction = 'caller-lookup' | 'extension-transfer' | 'name-directory';

interface Reads {
  operation: 'GetItem' | 'Query' | 'BatchGetItem';
  /** A strongly consistent read costs twice as much. */
  consistent: boolean;
  /** Items of at most 4 KB; a Query counts as one. */
  items: number;
}

/**
 * What one invocation reads: a contact with an own agent; an extension; a name that two agents have. A test counts the
 * requests of the built functions.
 */
export const READS: Record<FlowFunction, readonly Reads[]> = {
  'caller-lookup': [
    { operation: 'Query', consistent: false, items: 1 },
    { operation: 'Query', consistent: true, items: 1 },
    { operation: 'GetItem', consistent: false, items: 1 },
  ],
  'extension-transfer': [{ operation: 'GetItem', consistent: false, items: 1 }],
  'name-directory': [
    { operation: 'Query', consistent: false, items: 1 },
    { operation: 'BatchGetItem', consistent: false, items: 2 },
  ],
};

/** Invocations in an average call: everybody is looked up and dials an extension, every fifth spells a name before. */
export const PER_CALL: Record<FlowFunction, number> = {
  'caller-lookup': 1,
  'extension-transfer': 1,
  'name-directory': 0.2,
};

/** What could not be measured without AWS, on the high side. */
export const ASSUMED = {
  memoryGigabytes: 0.5,
  /** Milliseconds that Lambda bills for a warm invocation that reads tables. */
  warmMs: 20,
  /** Every hundredth invocation is a cold start, whose half second is billed too. */
  coldShare: 0.01,
  coldMs: 500,
  /** Of an invocation: our two lines, at most as many as a test measures, and Lambda's own start and report. */
  ownLogBytes: 1_200,
  platformLogBytes: 1_000,
  /** A sync of 100 agents and 4,000 unused extensions every five minutes, number-expiry every minute. */
  syncsPerMonth: 8_640,
  syncMs: 2_000,
  syncReadUnits: 110,
  expiryRunsPerMonth: 43_200,
  expiryRunMs: 50,
  expiryRunReadUnits: 4,
  /** The dispatcher of texts looks every minute for what is due, in eight partitions, and for what is undecided; no texts. */
  dispatchesPerMonth: 43_200,
  dispatchMs: 50,
  dispatchReadUnits: 4.5,
  /** DynamoDB asks AWS's own key for a table now and then, and that is billed. */
  tableKeyRequests: 30_000,
  secondsPerMonth: 2_592_000,
} as const;

/** What the template and the code have. */
const FIXED = { metrics: ownMetricNames().size, alarmMetrics: alarmMetrics() } as const;

export interface Costs {
  Lambda: number;
  DynamoDB: number;
  'X-Ray': number;
  Logs: number;
  'Metrics, at most': number;
  Alarms: number;
  Dashboard: number;
  KMS: number;
}

/** USD a month. */
export function costsOf(calls: number): Costs {
  const invocations = calls * sum(Object.values(PER_CALL));
  const jobs = ASSUMED.syncsPerMonth + ASSUMED.expiryRunsPerMonth + ASSUMED.dispatchesPerMonth;
  const callMs = ASSUMED.warmMs + ASSUMED.coldShare * ASSUMED.coldMs;
  const jobMs =
    ASSUMED.syncsPerMonth * ASSUMED.syncMs +
    ASSUMED.expiryRunsPerMonth * ASSUMED.expiryRunMs +
    ASSUMED.dispatchesPerMonth * ASSUMED.dispatchMs;
  const seconds = (invocations * callMs + jobMs) / 1000;
  const jobUnits =
    ASSUMED.syncsPerMonth * ASSUMED.syncReadUnits +
    ASSUMED.expiryRunsPerMonth * ASSUMED.expiryRunReadUnits +
    ASSUMED.dispatchesPerMonth * ASSUMED.dispatchReadUnits;
  const logBytes = (invocations + jobs) * (ASSUMED.ownLogBytes + ASSUMED.platformLogBytes);
  const keyRequests = calls * ASSUMED.coldShare + ASSUMED.tableKeyRequests;
  return {
    Lambda:
      (invocations + jobs) * PRICES.lambdaRequest +
      seconds * ASSUMED.memoryGigabytes * PRICES.lambdaGigabyteSecond,
    DynamoDB: (calls * unitsPerCall() + jobUnits) * PRICES.readRequestUnit,
    'X-Ray': traces(invocations + jobs) * PRICES.trace,
    Logs: (logBytes / 1e9) * PRICES.logGigabyte,
    'Metrics, at most': FIXED.metrics * PRICES.metric,
    Alarms: FIXED.alarmMetrics * PRICES.alarmMetric,
    Dashboard: PRICES.dashboard,
    KMS: PRICES.key + keyRequests * PRICES.keyRequest,
  };
}

/** Read request units of DynamoDB in an average call. */
export function unitsPerCall(): number {
  return sum(
    Object.entries(PER_CALL).map(
      ([name, times]) =>
        times *
        sum(READS[name as FlowFunction].map(({ consistent, items }) => items * (consistent ? 1 : 0.5))),
    ),
  );
}

/** X-Ray's default rule records one request a second and a twentieth of the others; spread evenly, that is the most. */
export function traces(invocations: number): number {
  const first = Math.min(invocations, ASSUMED.secondsPerMonth);
  return first + 0.05 * (invocations - first);
}

const VOLUMES = [1_000, 100_000, 10_000_000];

/** The table in docs/operations.md. */
export function costTable(): string {
  return costsBySize('USD a month', 'calls', VOLUMES, costsOf);
}

/**
 * A table of Markdown: a row for each cost, and their sum; a column for each volume.
 *
 * @param unit what the volumes are of: `calls`
 */
export function costsBySize(
  heading: string,
  unit: string,
  volumes: readonly number[],
  costsOfVolume: (volume: number) => object,
): string {
  const columns = volumes.map((volume) => costsOfVolume(volume) as Record<string, number>);
  const row = (name: string, values: number[]) => `| ${name} | ${values.map(usd).join(' | ')} |`;
  return [
    `| ${heading} | ${volumes.map((volume) => `${volume.toLocaleString('en-US')} ${unit}`).join(' | ')} |`,
    `| --- |${volumes.map(() => ' ---: |').join('')}`,
    ...Object.keys(columns[0] ?? {}).map((name) =>
      row(
        name,
        columns.map((costs) => costs[name] ?? 0),
      ),
    ),
    row(
      '**Total**',
      columns.map((costs) => sum(Object.values(costs))),
    ),
  ].join('\n');
}

export const usd = (value: number) =>
  value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
export const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
