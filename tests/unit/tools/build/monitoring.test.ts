import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownMetrics } from '#support/published-metrics.ts';
import { root } from '#support/root.ts';
import { ofType } from '#support/template.ts';
import { ALARMS, alarmMetrics, triggerOf } from '#tools/build/monitoring/alarms.ts';
import { ownMetricNames } from '#tools/build/monitoring/own-metrics.ts';
import { renderRunbook, replaceSections } from '#tools/build/monitoring/sections.ts';
import { GENERATED } from '#tools/build/template.ts';

test.each(Object.entries(GENERATED))('%s is what "npm run template" writes', (file, render) => {
  const text = readFileSync(join(root, file), 'utf8');

  expect(render(text)).toBe(text);
});

test('the template has the alarms of the table, and no other', () => {
  expect(ofType('AWS::CloudWatch::Alarm').map(([id]) => id)).toEqual(ALARMS.map(({ id }) => id));
});

test('the list of our own metrics is what the code publishes', () => {
  expect([...ownMetricNames()].sort()).toEqual([...ownMetrics()].sort());
});

test('each metric that an alarm adds up is counted, because CloudWatch charges for it', () => {
  expect(alarmMetrics()).toBe(ALARMS.flatMap(({ metrics }) => metrics).length);
  expect(alarmMetrics()).toBeGreaterThan(ALARMS.length);
});

test.each([
  ['IndexLagAlarm', '`IteratorAge` (maximum) is above 60,000 ms in each of 5 periods of 1 minute.'],
  ['MessagesRefusedAlarm', '`MessagesRefused` (sum) is above 0 within 20 minutes.'],
  [
    'SyncOverdueAlarm',
    '`ExtensionsUnused` (number of reports) is below 1 in each of `SyncOverdueHours` hours, or there is no data.',
  ],
  ['TableErrorsAlarm', 'System errors of reads (sum) is above 5 in each of 3 periods of 1 minute.'],
])('the runbook says when %s starts', (id, sentence) => {
  const alarm = ALARMS.find((one) => one.id === id);

  expect(alarm && triggerOf(alarm)).toBe(sentence);
});

describe('sections', () => {
  test('keep what is written around them', () => {
    const text = 'before\n  # begin alarms\nold\n  # end\nafter\n<!-- begin x -->\n<!-- end -->\n';

    expect(replaceSections(text, (name) => `new ${name}\n`)).toBe(
      'before\n  # begin alarms\nnew alarms\n  # end\nafter\n<!-- begin x -->\nnew x\n<!-- end -->\n',
    );
  });

  const runbook = readFileSync(join(root, 'docs/operations.md'), 'utf8');

  test('name an alarm that has no part in the runbook', () => {
    expect(() => renderRunbook(runbook.replace('begin alarm PoolLowAlarm', 'begin alarms'))).toThrow(
      'docs/operations.md has 0 parts for PoolLowAlarm.',
    );
  });

  test('name a part of the runbook whose alarm does not exist', () => {
    expect(() => renderRunbook(`${runbook}\n<!-- begin alarm NoSuchAlarm -->\n<!-- end -->\n`)).toThrow(
      'docs/operations.md has a part for NoSuchAlarm, which is no alarm.',
    );
  });
});
