import type { InstanceNumber } from '#core/agent-sync/direct-numbers/instance.ts';
import { decide, planNumbers } from '#core/agent-sync/direct-numbers/plan.ts';
import type { DirectoryNumber, NumberStatus } from '#core/directory/numbers.ts';

const NUMBER = '+16135550100';
const owner = { agentId: 'a', arn: '', username: 'a', firstName: '', lastName: '' };

const TIMES = { startedAt: '2026-10-20T08:00:00.000Z', heldUntil: '2026-11-19T08:00:00.000Z' };
const BEFORE = '2026-10-20T07:00:00.000Z';
const LATER = '2026-11-01T08:00:00.000Z';

const STATES: Record<string, NumberStatus> = {
  unused: { state: 'UNUSED' },
  reserved: { state: 'RESERVED', dueAt: '2026-11-01T08:00:00.000Z', reservationId: 'r' },
  quarantined: { state: 'QUARANTINED', dueAt: '2026-11-01T08:00:00.000Z' },
  quarantineOver: { state: 'QUARANTINED', dueAt: BEFORE },
  assigned: { state: 'ASSIGNED', owner },
  missed: { state: 'ASSIGNED', owner, missedAt: BEFORE },
  missedByThisRun: { state: 'ASSIGNED', owner, missedAt: TIMES.startedAt },
  elsewhere: { state: 'BLOCKED', reason: 'OTHER_FLOW' },
  unanswered: { state: 'BLOCKED', reason: 'NO_FLOW' },
  gone: { state: 'BLOCKED', reason: 'GONE' },
  goneLately: { state: 'BLOCKED', reason: 'GONE', heldUntil: LATER },
  goneLongAgo: { state: 'BLOCKED', reason: 'GONE', heldUntil: BEFORE },
  elsewhereLately: { state: 'BLOCKED', reason: 'OTHER_FLOW', heldUntil: LATER },
  byHandLately: { state: 'BLOCKED', reason: 'BY_HAND', heldUntil: LATER },
  goneByThisRun: { state: 'BLOCKED', reason: 'GONE', heldUntil: '2026-10-20T08:00:00.001Z' },
  byHand: { state: 'BLOCKED', reason: 'BY_HAND' },
};

function known(state: string, number = NUMBER, change: Partial<DirectoryNumber> = {}): DirectoryNumber {
  const status = STATES[state] ?? { state: 'UNUSED' };
  return { number, pool: 'direct', source: 'connect', ...status, ...change } as DirectoryNumber;
}

function listed(answeredBy: InstanceNumber['answeredBy'], number = NUMBER): InstanceNumber {
  return { number, phoneNumberId: `id-${number}`, answeredBy };
}

/** What becomes of it in short: `OPEN UNUSED`, `BLOCK NO_FLOW 2026-11-01`; nothing when it is left. */
function outcome(state: string, answeredBy: InstanceNumber['answeredBy'] | 'NOT_THERE'): string {
  const change = decide(known(state), answeredBy === 'NOT_THERE' ? undefined : listed(answeredBy), TIMES);
  if (!change) return '';
  if (!('to' in change)) return change.kind;
  const to = change.to as Record<string, string>;
  return [change.kind, to.reason ?? to.state, (to.heldUntil ?? to.dueAt)?.slice(0, 10)]
    .filter(Boolean)
    .join(' ');
}

test.each([
  // state, and what becomes of it when our flow, another flow, none answers, and when it is gone
  ['unused', '', 'BLOCK OTHER_FLOW', 'BLOCK NO_FLOW', 'REMOVE'],
  ['reserved', '', 'BLOCK OTHER_FLOW', 'BLOCK NO_FLOW', 'BLOCK GONE 2026-10-20'],
  ['quarantined', '', 'BLOCK OTHER_FLOW 2026-11-01', 'BLOCK NO_FLOW 2026-11-01', 'BLOCK GONE 2026-11-01'],
  ['quarantineOver', '', 'BLOCK OTHER_FLOW 2026-10-20', 'BLOCK NO_FLOW 2026-10-20', 'REMOVE'],
  ['assigned', '', '', '', 'MISS'],
  ['missed', 'MEET', 'MEET', 'MEET', 'TAKE GONE 2026-11-19'],
  ['missedByThisRun', 'MEET', 'MEET', 'MEET', ''],
  ['elsewhere', 'OPEN UNUSED', '', 'BLOCK NO_FLOW', 'REMOVE'],
  ['unanswered', 'OPEN UNUSED', 'BLOCK OTHER_FLOW', '', 'REMOVE'],
  ['gone', 'OPEN UNUSED', 'BLOCK OTHER_FLOW', 'BLOCK NO_FLOW', 'REMOVE'],
  [
    'goneLately',
    'OPEN QUARANTINED 2026-11-01',
    'BLOCK OTHER_FLOW 2026-11-01',
    'BLOCK NO_FLOW 2026-11-01',
    '',
  ],
  ['goneLongAgo', 'OPEN UNUSED', 'BLOCK OTHER_FLOW 2026-10-20', 'BLOCK NO_FLOW 2026-10-20', 'REMOVE'],
  ['elsewhereLately', 'OPEN QUARANTINED 2026-11-01', '', 'BLOCK NO_FLOW 2026-11-01', 'BLOCK GONE 2026-11-01'],
  [
    'goneByThisRun',
    'OPEN QUARANTINED 2026-10-20',
    'BLOCK OTHER_FLOW 2026-10-20',
    'BLOCK NO_FLOW 2026-10-20',
    '',
  ],
  ['byHand', '', '', '', ''],
  ['byHandLately', '', '', '', ''],
])('%s', (state, ours, other, none, gone) => {
  expect(outcome(state, 'DIRECT_FLOW')).toBe(ours);
  expect(outcome(state, 'OTHER_FLOW')).toBe(other);
  expect(outcome(state, 'NO_FLOW')).toBe(none);
  expect(outcome(state, 'NOT_THERE')).toBe(gone);
});

test.each([
  ['unused', 'BLOCK'],
  ['quarantineOver', 'BLOCK'],
  ['elsewhere', 'BLOCK'],
  ['goneByThisRun', undefined],
  ['goneLongAgo', 'REMOVE'],
])('a number that must not text keeps that when a list is short for once: %s', (state, kind) => {
  const change = decide(known(state, NUMBER, { sms: false }), undefined, TIMES);

  expect(change?.kind).toBe(kind);
  if (change?.kind === 'BLOCK') expect(change.to).toEqual(STATES.goneByThisRun);
});

test('what nobody knows is added as it is, and what a person imported is left alone', () => {
  expect(decide(undefined, listed('DIRECT_FLOW'), TIMES)).toMatchObject({
    kind: 'ADD',
    status: { state: 'UNUSED' },
  });
  expect(decide(undefined, listed('NO_FLOW'), TIMES)).toMatchObject({
    kind: 'ADD',
    status: { reason: 'NO_FLOW' },
  });
  expect(decide(undefined, undefined, TIMES)).toBeUndefined();
  for (const instance of [undefined, listed('NO_FLOW')]) {
    expect(decide(known('unused', NUMBER, { source: 'import' }), instance, TIMES)).toBeUndefined();
  }
});

describe('an answer is believed', () => {
  const numbers = Array.from({ length: 10 }, (_, index) => `+161355501${10 + index}`);
  const directory = new Map(numbers.map((number) => [number, known('unused', number)]));
  const suspicion = (there: number, ours = there, hasFlow = true) =>
    planNumbers(
      directory,
      {
        numbers: numbers
          .slice(0, there)
          .map((number, index) => listed(index < ours ? 'DIRECT_FLOW' : 'OTHER_FLOW', number)),
        incomplete: 0,
        hasFlow,
      },
      TIMES,
    ).suspicion;

  test('while no more than a fifth is gone, or rings elsewhere', () => {
    expect([suspicion(10), suspicion(8), suspicion(10, 8)]).toEqual([undefined, undefined, undefined]);
    expect(suspicion(7)).toContain('no longer knows 3 of 10');
    expect(suspicion(10, 7)).toContain('3 of 10 phone numbers without an agent');
    expect(suspicion(0)).toContain('no phone numbers at all');
    expect(suspicion(10, 10, false)).toContain('no flow');
  });

  test('whatever becomes of what a person blocked, which stays', () => {
    const blocked = new Map(numbers.map((number) => [number, known('byHand', number)]));
    const nothing = { numbers: [], incomplete: 0, hasFlow: false };

    expect(planNumbers(blocked, nothing, TIMES)).toEqual({ changes: new Map(), astray: [] });
  });

  test('when it is about a single number, though that is half of them, and not when it is about two', () => {
    const few = (all: number, gone: number) => {
      const ours = new Map([...directory].slice(0, all));
      const there = numbers.slice(gone, all).map((number) => listed('DIRECT_FLOW', number));
      return planNumbers(ours, { numbers: there, incomplete: 0, hasFlow: true }, TIMES).suspicion;
    };

    expect(few(2, 1)).toBeUndefined();
    expect(few(4, 2)).toContain('no longer knows 2 of 4');
  });

  test('whatever it is, while the directory has no numbers of the instance', () => {
    const imported = new Map([[NUMBER, known('unused', NUMBER, { source: 'import' })]]);
    const nothing = { numbers: [], incomplete: 0, hasFlow: false };

    expect(planNumbers(imported, nothing, TIMES)).toMatchObject({ changes: new Map(), astray: [] });
    expect(planNumbers(imported, nothing, TIMES).suspicion).toBeUndefined();
    expect(planNumbers(new Map([[NUMBER, known('gone')]]), nothing, TIMES).suspicion).toBeUndefined();
  });
});

test('without a quarantine, a number that was taken from its agent is held for nobody', () => {
  const { startedAt } = TIMES;

  expect(decide(known('missed'), undefined, { startedAt })).toMatchObject({
    ...{ kind: 'TAKE', to: { state: 'BLOCKED', reason: 'GONE' } },
  });
});
