import { formatTranscript } from '#tools/flows/play/index.ts';
import type { CallEnd, CallEvent, Transcript } from '#tools/flows/play/transcript.ts';

function transcript(events: CallEvent[], more: Partial<Transcript> = {}): Transcript {
  return {
    from: '+14155550100',
    to: '+18005550199',
    channel: 'VOICE',
    contactId: 'c',
    events,
    path: [],
    end: { kind: 'goodbye', text: 'Goodbye.' },
    unusedKeys: [],
    attributes: {},
    durationMs: 75_400,
    ...more,
  };
}

test('a call is a list of times and what happened', () => {
  const lines = formatTranscript(
    transcript([
      { at: 0, type: 'flow', flow: 'switchboard inbound', flowType: 'CONTACT_FLOW' },
      {
        at: 0,
        type: 'lambda',
        function: 'CallerLookupFunction',
        parameters: {},
        durationMs: 12,
        attempts: 1,
        outcome: 'answered',
        answer: { status: 'FOUND', audiences: '' },
      },
      { at: 12, type: 'said', text: 'Welcome back, Jane Doe' },
      { at: 1_600, type: 'said', text: 'Key in the extension.', question: true, interrupted: true },
      { at: 3_000, type: 'keyed', keys: '1042#', outcome: 'stored', unused: '9' },
      { at: 9_000, type: 'keyed', keys: '', outcome: 'timeout' },
      {
        at: 9_000,
        type: 'error',
        action: 'menu',
        errorType: 'InputTimeLimitExceeded',
        why: 'no key was pressed in time',
      },
      { at: 9_500, type: 'checked', metric: 'NumberOfAgentsAvailable', of: 'Ada Martin', value: 1 },
      { at: 10_000, type: 'waits', for: 'agent', name: 'Ada Martin' },
      { at: 10_000, type: 'said', text: 'It is ringing.', repeated: true },
      { at: 60_000, type: 'waits', for: 'queue', name: 'BasicQueue' },
    ]),
  );

  expect(lines).toEqual([
    ' 0:00  call    +14155550100 calls +18005550199',
    ' 0:00  flow    switchboard inbound',
    ' 0:00  lambda  CallerLookupFunction ran 12 ms',
    '                 status = FOUND',
    ' 0:00  says    "Welcome back, Jane Doe"',
    ' 0:01  asks    "Key in the extension." (interrupted by a key)',
    ' 0:03  keys    1042# (unused: 9)',
    ' 0:09  keys    nothing in time',
    ' 0:09  error   InputTimeLimitExceeded at "menu": no key was pressed in time',
    ' 0:09  checks  NumberOfAgentsAvailable of Ada Martin: 1',
    ' 0:10  waits   for Ada Martin',
    ' 0:10  says    "It is ringing." (repeats)',
    ' 1:00  waits   in the queue BasicQueue',
    ' 1:15  end     the flow hangs up after "Goodbye."',
  ]);
});

test('the line of a function has its parameters, its attempts, and the reason of a failure', () => {
  const [, line] = formatTranscript(
    transcript([
      {
        at: 0,
        type: 'lambda',
        function: 'F',
        parameters: { digits: '1042' },
        durationMs: 40,
        attempts: 3,
        outcome: 'failed',
        why: 'Lambda throttled the invocation',
      },
    ]),
  );

  expect(line).toBe(
    ' 0:00  lambda  F (digits=1042) ran 40 ms in 3 attempts: Lambda throttled the invocation',
  );
});

test('long values are truncated', () => {
  const answer = { text: 'x'.repeat(100) };
  const lines = formatTranscript(
    transcript([
      {
        at: 0,
        type: 'lambda',
        function: 'F',
        parameters: {},
        durationMs: 1,
        attempts: 1,
        outcome: 'answered',
        answer,
      },
    ]),
  );

  expect(lines[2]?.trim()).toBe(`text = ${'x'.repeat(60)} …`);
});

test('unused keys are reported', () => {
  expect(formatTranscript(transcript([], { unusedKeys: ['1042#', '9'] })).at(-1)).toBe(
    'Unused keys: 1042# 9',
  );
});

test('a chat has no caller with a number', () => {
  expect(formatTranscript(transcript([], { channel: 'CHAT' }))[0]).toBe(
    ' 0:00  call    a chat starts to +18005550199',
  );
});

test.each<[CallEnd, string]>([
  [{ kind: 'agent', id: '1', name: 'Ada Martin', waitedSeconds: 5 }, 'Ada Martin answers after 5 s'],
  [
    { kind: 'agent-queue', id: '1', name: 'Ada Martin', waitedSeconds: 120 },
    'still waiting for Ada Martin after 120 s',
  ],
  [
    { kind: 'queue', id: '1', name: 'BasicQueue', answered: true, waitedSeconds: 5 },
    'an agent of BasicQueue answers after 5 s',
  ],
  [
    { kind: 'queue', id: '1', name: 'BasicQueue', answered: false, waitedSeconds: 9 },
    'still in the queue BasicQueue after 9 s',
  ],
  [{ kind: 'cut-off', why: 'the flow hung up in silence' }, 'cut off: the flow hung up in silence'],
  [{ kind: 'hang-up', during: 'waiting for BasicQueue' }, 'the caller hangs up (waiting for BasicQueue)'],
  [{ kind: 'error', message: 'It has no NextAction.' }, 'the flow is invalid. It has no NextAction.'],
])('the end %p is described', (end, text) => {
  expect(formatTranscript(transcript([], { end })).at(-1)).toBe(` 1:15  end     ${text}`);
});
