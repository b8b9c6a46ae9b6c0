import { parseAgentEvent } from '#core/presence/event.ts';
import { agentEvent, type EventParts, INSTANCE_ARN, kinesisRecord, SINCE } from '#support/agent-events.ts';
import { catchError } from '#support/catch-error.ts';

const NOW = new Date('2026-11-20T10:00:01.000Z');
const read = (content: unknown) => parseAgentEvent(kinesisRecord(content), INSTANCE_ARN, NOW);
const readEvent = (parts: EventParts) => read(agentEvent(parts));

test.each<[string, EventParts, object]>([
  ['a routable agent is available', {}, { status: 'AVAILABLE', since: SINCE }],
  ['a routable agent with a contact is busy', { now: { contacts: 1 } }, { status: 'BUSY', since: SINCE }],
  [
    'an agent in a custom status is away',
    { now: { name: 'Lunch', type: 'CUSTOM' } },
    { status: 'AWAY', customStatus: 'Lunch' },
  ],
  [
    'an agent in a status of a new type is away',
    { now: { name: 'Next', type: 'NEW' as never } },
    { status: 'AWAY' },
  ],
  [
    'an offline agent is offline',
    { now: { name: 'Offline', type: 'OFFLINE' } },
    { status: 'OFFLINE', since: SINCE },
  ],
  [
    'an agent is offline since the logout',
    { type: 'LOGOUT' },
    { status: 'OFFLINE', since: '2026-11-20T10:00:00.000Z' },
  ],
  [
    'an agent is offline after a logout without a snapshot',
    { type: 'LOGOUT', now: null },
    { status: 'OFFLINE' },
  ],
])('%s', (_, parts, activity) => {
  expect(readEvent(parts)?.activity).toMatchObject(activity);
});

test.each([
  ['Available', 'AVAILABLE'],
  ['Offline', 'OFFLINE'],
  ['Lunch', 'AWAY'],
])('the name decides for a status without a type, as in the published samples: %s', (Name, status) => {
  const event = agentEvent();
  const AgentStatus = { Name, StartTimestamp: SINCE };

  expect(read({ ...event, CurrentAgentSnapshot: { AgentStatus } })?.activity).toEqual({
    status,
    since: SINCE,
    ...(status === 'AWAY' ? { customStatus: 'Lunch' } : {}),
  });
});

test('ignores unknown fields', () => {
  expect(read({ ...agentEvent(), New: { field: 1 } })).toMatchObject({ agentId: 'a1', eventId: 'e1' });
});

test('normalizes times', () => {
  expect(readEvent({ at: '2026-11-20T11:00:00+01:00' })?.eventAt).toBe('2026-11-20T10:00:00.000Z');
});

test('returns undefined for an event of another instance', () => {
  expect(readEvent({ instance: INSTANCE_ARN.replace(/1$/, '2') })).toBeUndefined();
});

test.each<[string, EventParts, boolean]>([
  ['another status', { before: { name: 'Lunch', type: 'CUSTOM' } }, true],
  ['a first contact', { before: {}, now: { contacts: 1 } }, true],
  ['another routing profile', { before: { profile: 'other' } }, true],
  ['a contact that is put on hold', { before: { contacts: 1 }, now: { contacts: 1 } }, false],
  ['nothing that is stored', { before: {} }, false],
  ['a login', { type: 'LOGIN', before: {} }, true],
  ['a heartbeat', { type: 'HEART_BEAT', before: { profile: 'other' } }, false],
])('decides from the event alone whether it is a change: %s', (_, parts, change) => {
  expect(readEvent(parts)?.change).toBe(change);
});

test('accepts an unreadable previous snapshot', () => {
  const event = { ...agentEvent({}), PreviousAgentSnapshot: { AgentStatus: null } };

  expect(read(event)).toMatchObject({ activity: { status: 'AVAILABLE' }, change: true });
});

test.each<[string, unknown]>([
  ['text that is not JSON', 'jane.roe'],
  ['a list', '[]'],
  ['an empty object', '{}'],
  ['an event without an agent', { ...agentEvent(), AgentARN: 'arn:jane.roe' }],
  ['an invalid time', { ...agentEvent(), EventTimestamp: 'yesterday' }],
  ['an impossible time', { ...agentEvent(), EventTimestamp: '2026-13-45T99:00:00Z' }],
  ['a time in the future', agentEvent({ at: '2026-11-20T10:20:00Z' })],
  ['an event without a snapshot', agentEvent({ now: null })],
  ['a status type that is not a text', agentEvent({ now: { type: 7 as never } })],
  ['an invalid event ID', agentEvent({ id: 'jane roe' })],
])('rejects %s without repeating it', (_, content) => {
  const error = catchError(() => read(content));

  expect(error).toMatchObject({ code: 'MALFORMED_RECORD' });
  expect(error.message).not.toMatch(/jane|ODD|yesterday/);
});
