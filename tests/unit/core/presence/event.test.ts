import { parseAgentEvent } from '#core/presence/event.ts';
import { agentEvent, type EventParts, INSTANCE_ARN, kinesisRecord, SINCE } from '#support/agent-events.ts';

const NOW = new Date('2026-11-20T10:00:01.000Z');
const read = (content: unknown) => parseAgentEvent(kinesisRecord(content), INSTANCE_ARN, NOW);
const readEvent = (parts: EventParts) => read(agentEvent(parts));

test.each<[string, EventParts, object]>([
  ['routable is available', {}, { status: 'AVAILABLE', since: SINCE }],
  ['routable and on a contact is busy', { now: { contacts: 1 } }, { status: 'BUSY', since: SINCE }],
  [
    'a status of the instance is away, and has a name',
    { now: { name: 'Lunch', type: 'CUSTOM' } },
    { status: 'AWAY', customStatus: 'Lunch' },
  ],
  ['a type that Connect adds is away', { now: { name: 'Next', type: 'NEW' as never } }, { status: 'AWAY' }],
  ['offline is offline', { now: { name: 'Offline', type: 'OFFLINE' } }, { status: 'OFFLINE', since: SINCE }],
  [
    'who logged out is offline since then',
    { type: 'LOGOUT' },
    { status: 'OFFLINE', since: '2026-11-20T10:00:00.000Z' },
  ],
  ['who logged out without a snapshot is so too', { type: 'LOGOUT', now: null }, { status: 'OFFLINE' }],
])('%s', (_, parts, activity) => {
  expect(readEvent(parts)?.activity).toMatchObject(activity);
});

test.each([
  ['Available', 'AVAILABLE'],
  ['Offline', 'OFFLINE'],
  ['Lunch', 'AWAY'],
])('a status without a type, as in the published samples, is told by its name: %s', (Name, status) => {
  const event = agentEvent();
  const AgentStatus = { Name, StartTimestamp: SINCE };

  expect(read({ ...event, CurrentAgentSnapshot: { AgentStatus } })?.activity).toEqual({
    status,
    since: SINCE,
    ...(status === 'AWAY' ? { customStatus: 'Lunch' } : {}),
  });
});

test('fields that we do not know are let through', () => {
  expect(read({ ...agentEvent(), New: { field: 1 } })).toMatchObject({ agentId: 'a1', eventId: 'e1' });
});

test('times are told apart in one form, whatever form they come in', () => {
  expect(readEvent({ at: '2026-11-20T11:00:00+01:00' })?.eventAt).toBe('2026-11-20T10:00:00.000Z');
});

test('an event of another instance is none of ours', () => {
  expect(readEvent({ instance: INSTANCE_ARN.replace(/1$/, '2') })).toBeUndefined();
});

test.each<[string, EventParts, boolean]>([
  ['another status', { before: { name: 'Lunch', type: 'CUSTOM' } }, true],
  ['a first contact', { before: {}, now: { contacts: 1 } }, true],
  ['another routing profile', { before: { profile: 'other' } }, true],
  ['a contact that is put on hold', { before: { contacts: 1 }, now: { contacts: 1 } }, false],
  ['nothing we keep', { before: {} }, false],
  ['a login', { type: 'LOGIN', before: {} }, true],
  ['a heartbeat', { type: 'HEART_BEAT', before: { profile: 'other' } }, false],
])('whether an event is a change follows from the event alone: %s', (_, parts, change) => {
  expect(readEvent(parts)?.change).toBe(change);
});

test('a snapshot of before that cannot be read does not make an event malformed', () => {
  const event = { ...agentEvent({}), PreviousAgentSnapshot: { AgentStatus: null } };

  expect(read(event)).toMatchObject({ activity: { status: 'AVAILABLE' }, change: true });
});

test.each<[string, unknown]>([
  ['text that is no JSON', 'jane.roe'],
  ['a list', '[]'],
  ['an object without anything', '{}'],
  ['no agent', { ...agentEvent(), AgentARN: 'arn:jane.roe' }],
  ['no time', { ...agentEvent(), EventTimestamp: 'yesterday' }],
  ['an impossible time', { ...agentEvent(), EventTimestamp: '2026-13-45T99:00:00Z' }],
  ['a time in the future', agentEvent({ at: '2026-11-20T10:20:00Z' })],
  ['no snapshot', agentEvent({ now: null })],
  ['a type of status that is no text', agentEvent({ now: { type: 7 as never } })],
  ['an id that is no id', agentEvent({ id: 'jane roe' })],
])('%s is malformed, and the error repeats nothing of it', (_, content) => {
  const error = catchError(() => read(content));

  expect(error).toMatchObject({ code: 'MALFORMED_RECORD' });
  expect(error.message).not.toMatch(/jane|ODD|yesterday/);
});

function catchError(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error('Nothing was thrown.');
}
