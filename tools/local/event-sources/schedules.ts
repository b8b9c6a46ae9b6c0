import { randomUUID } from 'node:crypto';
import { Cron } from 'croner';
import { textAt } from '#tools/json.ts';
import type { FunctionDefinition } from '#tools/local/lambda/function-definitions.ts';
import { LOCAL } from '#tools/local/template/index.ts';
import { listEventSources } from './mappings.ts';

export interface Schedules {
  /**
   * Runs every schedule once and waits for the end. Returns the names of the functions that failed.
   *
   * @param fireAndForget functions that run without a wait for their end
   */
  fireOnce(fireAndForget?: readonly string[]): Promise<string[]>;
  start(): void;
  stop(): void;
}

/** @param run invokes a function and says whether it succeeded */
export function createSchedules(
  definitions: Iterable<FunctionDefinition>,
  run: (functionName: string, event: string) => Promise<boolean>,
): Schedules {
  const schedules = listEventSources(definitions, 'Schedule').map(({ functionName, name, properties }) => ({
    functionName,
    ruleName: `${functionName}${name}`,
    expression: textAt(properties, 'Schedule') ?? '',
    input: textAt(properties, 'Input'),
    enabled: properties.Enabled !== false,
  }));
  const jobs: Cron[] = [];
  const timers: NodeJS.Timeout[] = [];
  // Parsed now, so that the start reports a mistake.
  const timings = schedules.map(({ expression }) => parseSchedule(expression));

  const fire = (index: number) => {
    const schedule = schedules[index];
    if (!schedule?.enabled) return Promise.resolve(true);
    return run(schedule.functionName, schedule.input ?? JSON.stringify(scheduledEvent(schedule.ruleName)));
  };

  return {
    async fireOnce(fireAndForget = []) {
      const runs = schedules.map(({ functionName }, index) => {
        const end = fire(index);
        return fireAndForget.includes(functionName) ? true : end;
      });
      const succeeded = await Promise.all(runs);
      return schedules.filter((_, index) => !succeeded[index]).map(({ functionName }) => functionName);
    },
    start() {
      timings.forEach((timing, index) => {
        if (timing.kind === 'rate') timers.push(setInterval(() => void fire(index), timing.everyMs));
        else jobs.push(new Cron(timing.cron, CRON_OPTIONS, () => void fire(index)));
      });
    },
    stop() {
      for (const timer of timers) clearInterval(timer);
      for (const job of jobs) job.stop();
    },
  };
}

export type Timing = { kind: 'rate'; everyMs: number } | { kind: 'cron'; cron: string };

/** EventBridge's own form of a step is `0/15`. */
const CRON_OPTIONS = { timezone: 'UTC', sloppyRanges: true };

const UNIT_MS: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Parses an EventBridge schedule, `rate(5 minutes)` or `cron(0 8 ? * MON-FRI *)`.
 *
 * @throws when it is neither
 */
export function parseSchedule(expression: string): Timing {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (count && unit && Number(count) > 0)
    return { kind: 'rate', everyMs: Number(count) * (UNIT_MS[unit] ?? 0) };
  const fields = /^cron\((.+)\)$/.exec(expression)?.[1]?.trim().split(/\s+/);
  if (fields?.length !== 6) {
    throw new Error(
      `The schedule "${expression}" is neither rate(N minutes|hours|days) nor cron() of six fields.`,
    );
  }
  const [minute, hour, day, month, weekday = '*', year] = fields;
  const cron = ['0', minute, hour, day, month, weekdaysFromZero(weekday), year].join(' ');
  // Throws when a field is malformed.
  new Cron(cron, { ...CRON_OPTIONS, paused: true }).stop();
  return { kind: 'cron', cron };
}

/** EventBridge counts the days of the week from 1 (Sunday), cron from 0; `#n` and steps keep their number. */
function weekdaysFromZero(field: string): string {
  return field.replace(/(?<![#/\d])\d/g, (day) => String(Number(day) - 1));
}

function scheduledEvent(ruleName: string, now = new Date()) {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: LOCAL.account,
    time: `${now.toISOString().slice(0, 19)}Z`,
    region: LOCAL.region,
    resources: [`arn:${LOCAL.partition}:events:${LOCAL.region}:${LOCAL.account}:rule/${ruleName}`],
    detail: {},
  };
}
