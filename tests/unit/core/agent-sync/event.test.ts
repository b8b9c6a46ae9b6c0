import { readSyncEvent } from '#core/agent-sync/event.ts';
import created from '#events/agent-sync.json';

const INSTANCE = 'arn:aws:connect:eu-central-1:111122223333:instance/10ca1000-5017-4b0a-8d00-000000000001';
const USER = '2d1e2e0f-5a4b-4c3d-9e8f-7a6b5c4d3e2f';

function told(detail: object) {
  return readSyncEvent({ ...created, detail: { ...created.detail, ...detail } }, INSTANCE);
}

test('a new user is asked for by the id in the answer', () => {
  expect(readSyncEvent(created, INSTANCE)).toEqual({ kind: 'USER', userId: USER, expect: 'PRESENT' });
});

test.each([
  ['UpdateUserIdentityInfo', 'PRESENT'],
  ['UpdateUserRoutingProfile', 'PRESENT'],
  ['DeleteUser', 'ABSENT'],
])(
  '%s names the user in the request, in either spelling, and leads to expect it %s',
  (eventName, expected) => {
    for (const requestParameters of [
      { UserId: USER },
      { userId: USER },
      { userId: `${INSTANCE}/agent/${USER}` },
    ]) {
      expect(told({ eventName, requestParameters, responseElements: null })).toEqual({
        kind: 'USER',
        userId: USER,
        expect: expected,
      });
    }
  },
);

test.each(['TagResource', 'UntagResource'])('%s of a user is about that user', (eventName) => {
  const arn = `${INSTANCE}/agent/${USER}`;
  for (const resourceArn of [arn, encodeURIComponent(arn)]) {
    expect(told({ eventName, requestParameters: { resourceArn }, responseElements: null })).toEqual({
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
])('tags of %s are nobody of ours', (resourceArn) => {
  const requestParameters = { resourceArn, tags: { 'switchboard:unlisted': 'true' } };

  expect(told({ eventName: 'TagResource', requestParameters, responseElements: null }).kind).toBe('NONE');
});

test('a failed call and another instance are not acted on', () => {
  expect(told({ errorCode: 'AccessDenied' }).kind).toBe('NONE');
  expect(told({ requestParameters: { instanceId: 'another' } }).kind).toBe('NONE');
});

test('an event that names no user asks for a full run', () => {
  expect(told({ requestParameters: null, responseElements: null })).toEqual({
    kind: 'FULL',
    acceptShrink: false,
  });
});

test.each([[undefined], [null], [{}], ['text'], [[]], [{ detail: {} }]])('%j is a full run', (event) => {
  expect(readSyncEvent(event, INSTANCE)).toEqual({ kind: 'FULL', acceptShrink: false });
});

test('a person may accept that many agents left, or numbers, or both, in so many words', () => {
  for (const acceptShrink of ['agents', 'numbers', true]) {
    expect(readSyncEvent({ acceptShrink }, INSTANCE)).toEqual({ kind: 'FULL', acceptShrink });
  }
  for (const acceptShrink of ['true', 1, null, 'users']) {
    expect(() => readSyncEvent({ acceptShrink }, INSTANCE)).toThrow('"agents", "numbers", or true for both');
  }
});
