import type { InstanceNumber } from '#core/agent-sync/direct-numbers/instance.ts';
import { planDirectNumbers, planNumberChange } from '#core/agent-sync/direct-numbers/plan.ts';
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
  marked: { state: 'ASSIGNED', owner, missingSince: BEFORE },
  markedByThisRun: { state: 'ASSIGNED', owner, missingSince: TIMES.startedAt },
  elsewhere: { state: 'BLOCKED', reason: 'OTHER_FLOW' },
  unanswered: { state: 'BLOCKED', reason: 'NO_FLOW' },
  missing: { state: 'BLOCKED', reason: 'NOT_IN_CONNECT' },
  missingLately: { state: 'BLOCKED', reason: 'NOT_IN_CONNECT', heldUntil: LATER },
  missingLongAgo: { state: 'BLOCKED', reason: 'NOT_IN_CONNECT', heldUntil: BEFORE },
  elsewhereLately: { state: 'BLOCKED', reason: 'OTHER_FLOW', heldUntil: LATER },
  manualLately: { state: 'BLOCKED', reason: 'MANUAL', heldUntil: LATER },
  missingByThisRun: { state: 'BLOCKED', reason: 'NOT_IN_CONNECT', heldUntil: '2026-10-20T08:00:00.001Z' },
  manual: { state: 'BLOCKED', reason: 'MANUAL' },
};

function known(state: string, number = NUMBER, change: Partial<DirectoryNumber> = {}): DirectoryNumber {
  const status = STATES[state] ?? { state: 'UNUSED' };
  return { number, pool: 'direct', source: 'connect', ...status, ...change } as DirectoryNumber;
}

function listed(answeredBy: InstanceNumber['answeredBy'], number = NUMBER): InstanceNumber {
  return { number, phoneNumberId: `id-${number}`, answeredBy };
}

/** The change in short: `UNBLOCK UNUSED`, `BLOCK NO_FLOW 2026-11-01`; empty without a change. */
function outcome(state: string, answeredBy: InstanceNumber['answeredBy'] | 'NOT_THERE'): string {
  const change = planNumberChange(
    known(state),
    answeredBy === 'NOT_THERE' ? undefined : listed(answeredBy),
    TIMES,
  );
  if (!change) return '';
  if (!('to' in change)) return change.kind;
  const to = change.to as Record<string, string>;
  return [change.kind, to.reason ?? to.state, (to.heldUntil ?? to.dueAt)?.slice(0, 10)]
    .filter(Boolean)
    .join(' ');
}

test.each([
  // state; the change when our flow, another flow, or none answers, and when the instance does not list the number
  ['unused', '', 'BLOCK OTHER_FLOW', 'BLOCK NO_FLOW', 'REMOVE'],
  ['reserved', '', 'BLOCK OTHER_FLOW', 'BLOCK NO_FLOW', 'BLOCK NOT_IN_CONNECT 2026-10-20'],
  [
    'quarantined',
    '',
    'BLOCK OTHER_FLOW 2026-11-01',
    'BLOCK NO_FLOW 2026-11-01',
    'BLOCK NOT_IN_CONNECT 2026-11-01',
  ],
  ['quarantineOver', '', 'BLOCK OTHER_FLOW 2026-10-20', 'BLOCK NO_FLOW 2026-10-20', 'REMOVE'],
  ['assigned', '', '', '', 'MARK_MISSING'],
  ['marked', 'CLEAR_MISSING', 'CLEAR_MISSING', 'CLEAR_MISSING', 'REVOKE NOT_IN_CONNECT 2026-11-19'],
  ['markedByThisRun', 'CLEAR_MISSING', 'CLEAR_MISSING', 'CLEAR_MISSING', ''],
  ['elsewhere', 'UNBLOCK UNUSED', '', 'BLOCK NO_FLOW', 'REMOVE'],
  ['unanswered', 'UNBLOCK UNUSED', 'BLOCK OTHER_FLOW', '', 'REMOVE'],
  ['missing', 'UNBLOCK UNUSED', 'BLOCK OTHER_FLOW', 'BLOCK NO_FLOW', 'REMOVE'],
  [
    'missingLately',
    'UNBLOCK QUARANTINED 2026-11-01',
    'BLOCK OTHER_FLOW 2026-11-01',
    'BLOCK NO_FLOW 2026-11-01',
    '',
  ],
  ['missingLongAgo', 'UNBLOCK UNUSED', 'BLOCK OTHER_FLOW 2026-10-20', 'BLOCK NO_FLOW 2026-10-20', 'REMOVE'],
  [
    'elsewhereLately',
    'UNBLOCK QUARANTINED 2026-11-01',
    '',
    'BLOCK NO_FLOW 2026-11-01',
    'BLOCK NOT_IN_CONNECT 2026-11-01',
  ],
  [
    'missingByThisRun',
    'UNBLOCK QUARANTINED 2026-10-20',
    'BLOCK OTHER_FLOW 2026-10-20',
    'BLOCK NO_FLOW 2026-10-20',
    '',
  ],
  ['manual', '', '', '', ''],
  ['manualLately', '', '', '', ''],
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
  ['missingByThisRun', undefined],
  ['missingLongAgo', 'REMOVE'],
])('keeps a row that must not send texts until two runs do not find it: %s', (state, kind) => {
  const change = planNumberChange(known(state, NUMBER, { sms: false }), undefined, TIMES);

  expect(change?.kind).toBe(kind);
  if (change?.kind === 'BLOCK') expect(change.to).toEqual(STATES.missingByThisRun);
});

test('adds new numbers, and never changes imported ones', () => {
  expect(planNumberChange(undefined, listed('DIRECT_FLOW'), TIMES)).toMatchObject({
    kind: 'ADD',
    status: { state: 'UNUSED' },
  });
  expect(planNumberChange(undefined, listed('NO_FLOW'), TIMES)).toMatchObject({
    kind: 'ADD',
    status: { reason: 'NO_FLOW' },
  });
  expect(planNumberChange(undefined, undefined, TIMES)).toBeUndefined();
  for (const instance of [undefined, listed('NO_FLOW')]) {
    expect(planNumberChange(known('unused', NUMBER, { source: 'import' }), instance, TIMES)).toBeUndefined();
  }
});

describe('the shrink guard does not warn', () => {
  const numbers = Array.from({ length: 10 }, (_, index) => `+161355501${10 + index}`);
  const directory = new Map(numbers.map((number) => [number, known('unused', number)]));
  const warning = (there: number, ours = there, hasFlow = true) =>
    planDirectNumbers(
      directory,
      {
        numbers: numbers
          .slice(0, there)
          .map((number, index) => listed(index < ours ? 'DIRECT_FLOW' : 'OTHER_FLOW', number)),
        incomplete: 0,
        hasFlow,
      },
      TIMES,
    ).shrinkWarning;

  test('while at most a fifth is missing or misrouted', () => {
    expect([warning(10), warning(8), warning(10, 8)]).toEqual([undefined, undefined, undefined]);
    expect(warning(7)).toContain('no longer knows 3 of 10');
    expect(warning(10, 7)).toContain('3 of 10 phone numbers without an agent');
    expect(warning(0)).toContain('Connect listed no phone numbers');
    expect(warning(10, 10, false)).toContain('no longer has a flow');
  });

  test('about numbers that a person blocked', () => {
    const blocked = new Map(numbers.map((number) => [number, known('manual', number)]));
    const nothing = { numbers: [], incomplete: 0, hasFlow: false };

    expect(planDirectNumbers(blocked, nothing, TIMES)).toEqual({ changes: new Map(), misrouted: [] });
  });

  test('about a single number, even when it is half of them, but it does about two', () => {
    const few = (all: number, gone: number) => {
      const ours = new Map([...directory].slice(0, all));
      const there = numbers.slice(gone, all).map((number) => listed('DIRECT_FLOW', number));
      return planDirectNumbers(ours, { numbers: there, incomplete: 0, hasFlow: true }, TIMES).shrinkWarning;
    };

    expect(few(2, 1)).toBeUndefined();
    expect(few(4, 2)).toContain('no longer knows 2 of 4');
  });

  test('while the directory has no numbers of the instance', () => {
    const imported = new Map([[NUMBER, known('unused', NUMBER, { source: 'import' })]]);
    const nothing = { numbers: [], incomplete: 0, hasFlow: false };

    expect(planDirectNumbers(imported, nothing, TIMES)).toMatchObject({ changes: new Map(), misrouted: [] });
    expect(planDirectNumbers(imported, nothing, TIMES).shrinkWarning).toBeUndefined();
    expect(
      planDirectNumbers(new Map([[NUMBER, known('missing')]]), nothing, TIMES).shrinkWarning,
    ).toBeUndefined();
  });
});

test('does not hold a revoked number without a quarantine', () => {
  const { startedAt } = TIMES;

  expect(planNumberChange(known('marked'), undefined, { startedAt })).toMatchObject({
    ...{ kind: 'REVOKE', to: { state: 'BLOCKED', reason: 'NOT_IN_CONNECT' } },
  });
});
