import { readSyncEvent } from '#core/agent-sync/event.ts';
import created from '#events/agent-sync.json';

const INSTANCE = 'arn:aws:connect:eu-central-1:111122223333:instance/10ca1000-5017-4b0a-8d00-000000000001';
const USER = '2d1e2e0f-5a4b-4c3d-9e8f-7a6b5c4d3e2f';

function readDetail(detail: object) {
  return readSyncEvent({ ...created, detail: { ...created.detail, ...detail } }, INSTANCE);
}

test('reads the ID of a new user from the response', () => {
  expect(readSyncEvent(created, INSTANCE)).toEqual({ kind: 'USER', userId: USER, expect: 'PRESENT' });
});

test.each([
  ['UpdateUserIdentityInfo', 'PRESENT'],
  ['UpdateUserRoutingProfile', 'PRESENT'],
  ['DeleteUser', 'ABSENT'],
])('reads the user of %s from the request in either spelling, and expects it %s', (eventName, expected) => {
  for (const requestParameters of [
    { UserId: USER },
    { userId: USER },
    { userId: `${INSTANCE}/agent/${USER}` },
  ]) {
    expect(readDetail({ eventName, requestParameters, responseElements: null })).toEqual({
      kind: 'USER',
      userId: USER,
      expect: expected,
    });
  }
});

test.each(['TagResource', 'UntagResource'])('reads the user of %s from the ARN', (eventName) => {
  const arn = `${INSTANCE}/agent/${USER}`;
  for (const resourceArn of [arn, encodeURIComponent(arn)]) {
    expect(readDetail({ eventName, requestParameters: { resourceArn }, responseElements: null })).toEqual({
      kind: 'USER',
      userId: USER,
      expect: 'PRESENT',
    });
  }
});

test.each([
  [`${INSTANCE}/queue/${USER}`],
  [INSTANCE.replace('10ca1000', '20ca1000').concat(`/agent/${USER}`)],
  [undefined],
])('ignores tags of %s', (resourceArn) => {
  const requestParameters = { resourceArn, tags: { 'switchboard:unlisted': 'true' } };

  expect(readDetail({ eventName: 'TagResource', requestParameters, responseElements: null }).kind).toBe(
    'NONE',
  );
});

test('ignores a failed request and another instance', () => {
  expect(readDetail({ errorCode: 'AccessDenied' }).kind).toBe('NONE');
  expect(readDetail({ requestParameters: { instanceId: 'another' } }).kind).toBe('NONE');
});

test('requests a full run for an event without a user', () => {
  expect(readDetail({ requestParameters: null, responseElements: null })).toEqual({
    kind: 'FULL',
    acceptShrink: false,
  });
});

test.each([[undefined], [null], [{}], ['text'], [[]], [{ detail: {} }]])(
  '%j requests a full run',
  (event) => {
    expect(readSyncEvent(event, INSTANCE)).toEqual({ kind: 'FULL', acceptShrink: false });
  },
);

test('accepts acceptShrink for agents, numbers, or both, and rejects other values', () => {
  for (const acceptShrink of ['agents', 'numbers', true]) {
    expect(readSyncEvent({ acceptShrink }, INSTANCE)).toEqual({ kind: 'FULL', acceptShrink });
  }
  for (const acceptShrink of ['true', 1, null, 'users']) {
    expect(() => readSyncEvent({ acceptShrink }, INSTANCE)).toThrow('"agents", "numbers", or true for both');
  }
});
