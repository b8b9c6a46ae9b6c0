import { createSchedules, parseSchedule } from '#tools/local/event-sources/schedules.ts';
import type { FunctionDefinition } from '#tools/local/lambda/function-definitions.ts';

test.each([
  ['rate(1 minute)', { kind: 'rate', everyMs: 60_000 }],
  ['rate(5 minutes)', { kind: 'rate', everyMs: 300_000 }],
  ['rate(2 hours)', { kind: 'rate', everyMs: 7_200_000 }],
  ['rate(1 day)', { kind: 'rate', everyMs: 86_400_000 }],
  ['cron(0 8 ? * MON-FRI *)', { kind: 'cron', cron: '0 0 8 ? * MON-FRI *' }],
  ['cron(0/15 * * * ? *)', { kind: 'cron', cron: '0 0/15 * * * ? *' }],
  ['cron(0 8 ? * 2-6 *)', { kind: 'cron', cron: '0 0 8 ? * 1-5 *' }],
  ['cron(0 8 ? * 6#3 *)', { kind: 'cron', cron: '0 0 8 ? * 5#3 *' }],
  ['cron(0 8 1 1 ? 2030)', { kind: 'cron', cron: '0 0 8 1 1 ? 2030' }],
])('%s', (expression, expected) => {
  expect(parseSchedule(expression)).toEqual(expected);
});

test.each([['rate(0 minutes)'], ['rate(5 seconds)'], ['cron(* * *)'], ['every day'], ['cron(99 8 ? * * *)']])(
  '%s is refused',
  (expression) => {
    expect(() => parseSchedule(expression)).toThrow();
  },
);

function schedulesOf(properties: object, run: (name: string, event: string) => Promise<boolean>) {
  const definition = {
    name: 'F',
    properties: { Events: { Nightly: { Type: 'Schedule', Properties: properties } } },
  };
  return createSchedules([definition as unknown as FunctionDefinition], run);
}

test('every schedule fires once when asked, with the event of EventBridge, and says what failed', async () => {
  const events: string[] = [];
  const schedules = schedulesOf({ Schedule: 'rate(1 day)' }, async (_, event) => {
    events.push(event);
    return false;
  });

  expect(await schedules.fireOnce()).toEqual(['F']);
  expect(JSON.parse(events[0] ?? '')).toMatchObject({
    source: 'aws.events',
    'detail-type': 'Scheduled Event',
  });
});

test('the first run of a function that takes its time is not waited for', async () => {
  const fired: string[] = [];
  const schedules = schedulesOf({ Schedule: 'rate(1 day)' }, (name) => {
    fired.push(name);
    return new Promise(() => {});
  });

  expect(await schedules.fireOnce(['F'])).toEqual([]);
  expect(fired).toEqual(['F']);
});

test('a rate fires again and again until it is stopped', async () => {
  jest.useFakeTimers();
  let fired = 0;
  const schedules = schedulesOf({ Schedule: 'rate(1 minute)' }, async () => {
    fired++;
    return true;
  });

  schedules.start();
  jest.advanceTimersByTime(180_000);
  schedules.stop();
  jest.advanceTimersByTime(180_000);

  expect(fired).toBe(3);
  jest.useRealTimers();
});

test('a schedule with an input of its own sends that', async () => {
  const events: string[] = [];
  const schedules = schedulesOf({ Schedule: 'rate(1 day)', Input: '{"a":1}' }, async (_, event) => {
    events.push(event);
    return true;
  });

  await schedules.fireOnce();

  expect(events).toEqual(['{"a":1}']);
});
