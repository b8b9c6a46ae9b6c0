import type { DirectoryNumber, NumberStatus } from '../../../../../../layers/core/src/directory/numbers.ts';
import type { InstanceNumber } from '../../../../../../layers/core/src/directory/sync/direct/instance.ts';
import { decide, planNumbers } from '../../../../../../layers/core/src/directory/sync/direct/plan.ts';

const NUMBER = '+16135550100';
const owner = { agentId: 'a', arn: '', username: 'a', firstName: '', lastName: '' };

const STATES: Record<string, NumberStatus> = {
  unused: { state: 'UNUSED' },
  reserved: { state: 'RESERVED', dueAt: '2026-11-01T08:00:00.000Z', reservationId: 'r' },
  quarantined: { state: 'QUARANTINED', dueAt: '2026-11-01T08:00:00.000Z' },
  assigned: { state: 'ASSIGNED', owner },
  elsewhere: { state: 'BLOCKED', reason: 'OTHER_FLOW' },
  unanswered: { state: 'BLOCKED', reason: 'NO_FLOW' },
  gone: { state: 'BLOCKED', reason: 'GONE' },
  byHand: { state: 'BLOCKED', reason: 'BY_HAND' },
};

function known(state: string, number = NUMBER, change: Partial<DirectoryNumber> = {}): DirectoryNumber {
  const status = STATES[state] ?? { state: 'UNUSED' };
  return { number, pool: 'direct', source: 'connect', ...status, ...change } as DirectoryNumber;
}

function listed(answeredBy: InstanceNumber['answeredBy'], number = NUMBER): InstanceNumber {
  return { number, phoneNumberId: `id-${number}`, answeredBy };
}

/** What becomes of it in short: `OPEN`, `BLOCK NO_FLOW`; nothing when it is left. */
function outcome(state: string, answeredBy: InstanceNumber['answeredBy'] | 'NOT_THERE'): string {
  const change = decide(known(state), answeredBy === 'NOT_THERE' ? undefined : listed(answeredBy));
  if (!change) return '';
  return 'reason' in change ? `${change.kind} ${change.reason}` : change.kind;
}

test.each([
  // state, and what becomes of it when our flow, another flow, none answers, and when it is gone
  ['unused', '', 'BLOCK OTHER_FLOW', 'BLOCK NO_FLOW', 'REMOVE'],
  ['reserved', '', '', '', 'BLOCK GONE'],
  ['quarantined', '', '', '', 'REMOVE'],
  ['assigned', '', '', '', 'TAKE'],
  ['elsewhere', 'OPEN', '', 'BLOCK NO_FLOW', 'REMOVE'],
  ['unanswered', 'OPEN', 'BLOCK OTHER_FLOW', '', 'REMOVE'],
  ['gone', 'OPEN', 'BLOCK OTHER_FLOW', 'BLOCK NO_FLOW', 'REMOVE'],
  ['byHand', '', '', '', 'REMOVE'],
])('%s', (state, ours, other, none, gone) => {
  expect(outcome(state, 'DIRECT_FLOW')).toBe(ours);
  expect(outcome(state, 'OTHER_FLOW')).toBe(other);
  expect(outcome(state, 'NO_FLOW')).toBe(none);
  expect(outcome(state, 'NOT_THERE')).toBe(gone);
});

test('what nobody knows is added as it is, and what a person imported is left alone', () => {
  expect(decide(undefined, listed('DIRECT_FLOW'))).toMatchObject({
    kind: 'ADD',
    status: { state: 'UNUSED' },
  });
  expect(decide(undefined, listed('NO_FLOW'))).toMatchObject({ kind: 'ADD', status: { reason: 'NO_FLOW' } });
  expect(decide(undefined, undefined)).toBeUndefined();
  for (const instance of [undefined, listed('NO_FLOW')]) {
    expect(decide(known('unused', NUMBER, { source: 'import' }), instance)).toBeUndefined();
  }
});

describe('an answer is believed', () => {
  const numbers = Array.from({ length: 10 }, (_, index) => `+161355501${10 + index}`);
  const directory = new Map(numbers.map((number) => [number, known('unused', number)]));
  const suspicion = (there: number, ours = there, hasFlow = true) =>
    planNumbers(directory, {
      numbers: numbers
        .slice(0, there)
        .map((number, index) => listed(index < ours ? 'DIRECT_FLOW' : 'OTHER_FLOW', number)),
      incomplete: 0,
      hasFlow,
    }).suspicion;

  test('while no more than a fifth is gone, or rings elsewhere', () => {
    expect([suspicion(10), suspicion(8), suspicion(10, 8)]).toEqual([undefined, undefined, undefined]);
    expect(suspicion(7)).toContain('no longer knows 3 of 10');
    expect(suspicion(10, 7)).toContain('3 of 10 unused phone numbers');
    expect(suspicion(0)).toContain('no phone numbers at all');
    expect(suspicion(10, 10, false)).toContain('no flow');
  });

  test('whatever it is, while the directory has no numbers of the instance', () => {
    const imported = new Map([[NUMBER, known('unused', NUMBER, { source: 'import' })]]);
    const nothing = { numbers: [], incomplete: 0, hasFlow: false };

    expect(planNumbers(imported, nothing)).toMatchObject({ changes: new Map(), astray: [] });
    expect(planNumbers(imported, nothing).suspicion).toBeUndefined();
    expect(planNumbers(new Map([[NUMBER, known('gone')]]), nothing).suspicion).toBeUndefined();
  });
});
