import {
  ADA,
  answerWith,
  createFlow,
  GOODBYE,
  lastSaid,
  OPERATORS,
  playTestCall,
  SORRY,
  says,
  TEST_FUNCTION_ARN,
  type TestAction,
} from '#support/calls.ts';
import { applyState } from '#tools/flows/play/destination-states.ts';
import { spokenTexts } from '#tools/flows/play/index.ts';

/** Rings an agent with the customer queue flow `queue`. */
const ringing = createFlow({
  hook: {
    type: 'UpdateContactEventHooks',
    parameters: { EventHooks: { CustomerQueue: 'queue' } },
    next: 'target',
  },
  target: { type: 'UpdateContactTargetQueue', parameters: { AgentId: ADA.id }, next: 'ring' },
  ring: { type: 'TransferContactToQueue', errors: { QueueAtCapacity: 'full', NoMatchingError: 'sorry' } },
  full: says('Full.', 'end'),
  ...SORRY,
  ...GOODBYE,
});

const queueFlow = (actions: Record<string, TestAction>) =>
  createFlow(actions, { name: 'queue', type: 'CUSTOMER_QUEUE' });

/** Rings for 20 seconds, then goes on to the operators and says so. */
const ringThenOperators = queueFlow({
  ring: {
    type: 'MessageParticipantIteratively',
    parameters: {
      Messages: [{ Text: '$.ContactId after $.PreviousContactId' }],
      InterruptFrequencySeconds: '20',
    },
    when: { move: 'Equals MessagesInterrupted' },
  },
  move: {
    type: 'DequeueContactAndTransferToQueue',
    parameters: { QueueId: OPERATORS.id },
    errors: { QueueAtCapacity: 'full', NoMatchingError: 'sorry' },
  },
  full: says('Operators full.', 'end'),
  ...SORRY,
  ...GOODBYE,
});

describe('a call ends', () => {
  test('with the agent who answers', async () => {
    const { end } = await playTestCall({ flows: [ringing, ringThenOperators] });

    expect(end).toEqual({ kind: 'agent', id: ADA.id, name: 'Ada Martin', waitedSeconds: 5 });
  });

  test('in the operator queue, when no agent answers in time', async () => {
    const transcript = await playTestCall({
      flows: [ringing, ringThenOperators],
      places: [applyState(ADA, 'silent'), OPERATORS],
    });

    expect(transcript.end).toMatchObject({ kind: 'queue', name: 'Operators', answered: true });
    expect(spokenTexts(transcript)).toEqual(['contact-1 after contact-1', 'contact-2 after contact-1']);
  });

  test('by the words of the flow, when the operator queue is full too', async () => {
    const { end } = await playTestCall({
      flows: [ringing, ringThenOperators],
      places: [applyState(ADA, 'silent'), applyState(OPERATORS, 'full')],
    });

    expect(end).toEqual({ kind: 'goodbye', text: 'Operators full.' });
  });

  test('still waiting, when no agent answers', async () => {
    const forever = queueFlow({
      wait: { type: 'MessageParticipantIteratively', parameters: { Messages: [{ Text: 'Hold.' }] } },
    });
    const places = [applyState(ADA, 'silent')];

    expect((await playTestCall({ flows: [ringing, forever], places })).end).toMatchObject({
      kind: 'agent-queue',
      waitedSeconds: 120,
    });
  });

  test('waiting in silence, when the customer queue flow has ended', async () => {
    const short = queueFlow({ hold: says('Hold.', 'end'), end: { type: 'EndFlowExecution' } });

    const { end } = await playTestCall({ flows: [ringing, short], places: [applyState(ADA, 'answers:90')] });

    expect(end).toMatchObject({ kind: 'agent', waitedSeconds: 90 });
  });

  test('waiting in silence, when no customer queue flow was set', async () => {
    const flow = createFlow({
      target: { type: 'UpdateContactTargetQueue', parameters: { QueueId: OPERATORS.id }, next: 'wait' },
      wait: { type: 'TransferContactToQueue' },
    });

    expect((await playTestCall({ flows: [flow] })).end).toMatchObject({ kind: 'queue', answered: true });
  });

  test('when the caller hangs up while waiting', async () => {
    const { end, durationMs } = await playTestCall({
      flows: [ringing, ringThenOperators],
      places: [applyState(ADA, 'silent'), OPERATORS],
      hangUpAfterSeconds: 12,
    });

    expect(end).toEqual({ kind: 'hang-up', during: 'waiting for Ada Martin' });
    expect(durationMs).toBe(12_000);
  });

  test('when the caller hangs up in the middle of a flow', async () => {
    const flow = createFlow({ talk: says('On and on. '.repeat(100), 'bye'), ...GOODBYE });
    const transcript = await playTestCall({ flows: [flow], hangUpAfterSeconds: 3 });

    expect(transcript.end).toEqual({ kind: 'hang-up', during: 'tiny' });
    expect(spokenTexts(transcript)).not.toContain('Goodbye.');
  });

  test('when the caller hangs up while a function runs', async () => {
    const flow = createFlow({
      ask: {
        type: 'InvokeLambdaFunction',
        parameters: { LambdaFunctionARN: TEST_FUNCTION_ARN },
        next: 'bye',
      },
      ...GOODBYE,
    });
    const { end, durationMs } = await playTestCall({
      flows: [flow],
      invoke: answerWith({}, 2_500),
      hangUpAfterSeconds: 1,
    });

    expect(end).toMatchObject({ kind: 'hang-up' });
    expect(durationMs).toBe(1_000);
  });

  test('in silence, when the flow hangs up after a question or before any prompt', async () => {
    const silent = createFlow({ end: { type: 'DisconnectParticipant' } });
    const afterQuestion = createFlow({
      ask: {
        type: 'GetParticipantInput',
        parameters: { Text: 'Yes?', StoreInput: 'False', InputTimeLimitSeconds: '5' },
        errors: { InputTimeLimitExceeded: 'end' },
      },
      end: { type: 'DisconnectParticipant' },
    });

    for (const flow of [silent, afterQuestion]) {
      expect((await playTestCall({ flows: [flow] })).end).toEqual({
        kind: 'cut-off',
        why: 'the flow hung up in silence',
      });
    }
  });
});

test('a flow that hangs up in silence after a wait cuts the caller off', async () => {
  const silent = queueFlow({ end: { type: 'DisconnectParticipant' } });

  expect((await playTestCall({ flows: [ringing, silent] })).end).toMatchObject({ kind: 'cut-off' });
});

test('a caller cannot be moved on while the call is offered to an agent, and can when no agent is available', async () => {
  const duringPrompt = queueFlow({
    move: {
      type: 'DequeueContactAndTransferToQueue',
      parameters: { QueueId: OPERATORS.id },
      errors: { NoMatchingError: 'sorry' },
    },
    ...SORRY,
    ...GOODBYE,
  });
  const moved = (state: string) =>
    playTestCall({ flows: [ringing, duringPrompt], places: [applyState(ADA, state), OPERATORS] });

  expect(lastSaid(await moved('silent'))).toBe('Sorry.');
  expect((await moved('busy')).path.map(({ action }) => action)).toContain('move');
  expect((await moved('busy')).events).toContainEqual(
    expect.objectContaining({ type: 'waits', name: 'Operators' }),
  );
});

test('a full agent queue takes its own branch, and the error branch where there is none', async () => {
  const places = [applyState(ADA, 'full')];

  expect(lastSaid(await playTestCall({ flows: [ringing, ringThenOperators], places }))).toBe('Full.');
});

test('a flow that is transferred to goes on with the same contact', async () => {
  const first = createFlow({
    set: { type: 'UpdateContactAttributes', parameters: { Attributes: { a: '1' } }, next: 'go' },
    go: { type: 'TransferToFlow', parameters: { ContactFlowId: 'second' } },
  });
  const second = createFlow({ tell: says('[$.Attributes.a]', 'end'), ...GOODBYE }, { name: 'second' });

  const transcript = await playTestCall({ flows: [first, second] });

  expect(spokenTexts(transcript)).toEqual(['[1]']);
  expect(transcript.path).toEqual([
    { flow: 'tiny', action: 'set', type: 'UpdateContactAttributes' },
    { flow: 'tiny', action: 'go', type: 'TransferToFlow' },
    { flow: 'second', action: 'tell', type: 'MessageParticipant' },
    { flow: 'second', action: 'end', type: 'DisconnectParticipant' },
  ]);
});

describe('an invalid flow ends the call with an error that names', () => {
  test.each<[string, Record<string, TestAction>, string]>([
    [
      'a NextAction that is missing',
      { hello: { type: 'MessageParticipant', parameters: { Text: 'Hi' } } },
      'Flow "tiny", action "hello": It has no NextAction.',
    ],
    [
      'a NextAction that leads nowhere',
      { hello: says('Hi', 'nowhere') },
      'Flow "tiny": An action leads to "nowhere", which does not exist.',
    ],
    [
      'an error without a branch',
      { ring: { type: 'TransferContactToQueue' } },
      'Flow "tiny", action "ring": The action has no branch for NoMatchingError (no queue is set). Add one.',
    ],
  ])('%s', async (_, actions, message) => {
    expect((await playTestCall({ flows: [createFlow(actions)] })).end).toEqual({ kind: 'error', message });
  });

  test('a flow that the instance does not have', async () => {
    expect((await playTestCall({ flows: [] })).end).toEqual({
      kind: 'error',
      message: 'The flow does not exist in the instance.',
    });
  });

  test('a flow that is not made for answering calls, or for waiting', async () => {
    const answers = await playTestCall({ flows: [queueFlow(GOODBYE)] });
    const waits = await playTestCall({
      flows: [
        createFlow({ go: { type: 'TransferToFlow', parameters: { ContactFlowId: 'queue' } } }),
        queueFlow(GOODBYE),
      ],
    });

    for (const { end } of [answers, waits]) {
      expect(end).toMatchObject({
        message:
          'The flow "queue" has the type CUSTOMER_QUEUE. Use a flow of type CONTACT_FLOW or QUEUE_TRANSFER or AGENT_TRANSFER.',
      });
    }
  });

  test('an endless flow, by the number of actions', async () => {
    const flow = createFlow({ a: says('', 'b'), b: says('', 'a') });

    expect((await playTestCall({ flows: [flow], maxActions: 50 })).end).toMatchObject({
      message: expect.stringContaining('The flow does not end after 50 actions'),
    });
  });
});

test('an outage is thrown', async () => {
  const flow = createFlow({
    ask: {
      type: 'InvokeLambdaFunction',
      parameters: { LambdaFunctionARN: TEST_FUNCTION_ARN },
      next: 'bye',
      errors: { NoMatchingError: 'bye' },
    },
    ...GOODBYE,
  });
  const invoke = () => Promise.reject(new Error('fetch failed'));

  await expect(playTestCall({ flows: [flow], invoke })).rejects.toThrow('fetch failed');
});
