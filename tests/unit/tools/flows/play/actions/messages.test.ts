import {
  createFlow,
  GOODBYE,
  OPERATORS,
  playTestCall,
  SORRY,
  says,
  type TestAction,
} from '#support/calls.ts';
import { parseKeys, spokenTexts } from '#tools/flows/play/index.ts';

const message = (parameters: object): Record<string, TestAction> => ({
  hello: { type: 'MessageParticipant', parameters, next: 'bye' },
  ...GOODBYE,
});

test('a message says its text, with the values of its references, and takes time', async () => {
  const { events, durationMs } = await playTestCall({
    flows: [createFlow(message({ Text: 'You call from $.CustomerEndpoint.Address.' }))],
  });

  expect(events[1]).toMatchObject({ type: 'said', at: 0, text: 'You call from +14155550100.' });
  expect(durationMs).toBeGreaterThan(1_500);
});

test.each([
  [{ SSML: '<speak>Good <emphasis>day</emphasis></speak>' }, 'Good day'],
  [{ PromptId: 'music' }, '[recording music]'],
  [
    { Media: { Uri: 's3://bucket/hello.wav', SourceType: 'S3', MediaType: 'Audio' } },
    '[recording s3://bucket/hello.wav]',
  ],
])('%p is heard as %s', async (parameters, text) => {
  expect(spokenTexts(await playTestCall({ flows: [createFlow(message(parameters))] }))[0]).toBe(text);
});

test.each([
  [{}, 'The action plays nothing'],
  [{ Text: 'a', SSML: 'b' }, 'The action has several prompts. Set one of Text, SSML, PromptId, and Media'],
])('%p is wrong', async (parameters, text) => {
  const { end } = await playTestCall({ flows: [createFlow(message(parameters))] });

  expect(end).toEqual({ kind: 'error', message: expect.stringContaining(text) });
});

test('a chat supports only text', async () => {
  const flow = (parameters: object) => {
    const { hello = { type: '' }, ...rest } = message(parameters);
    return createFlow({ hello: { ...hello, errors: { NoMatchingError: 'sorry' } }, ...rest, ...SORRY });
  };

  expect(spokenTexts(await playTestCall({ flows: [flow({ Text: 'Hi' })], channel: 'CHAT' }))).toEqual([
    'Hi',
    'Goodbye.',
  ]);
  expect(
    spokenTexts(await playTestCall({ flows: [flow({ SSML: '<speak>Hi</speak>' })], channel: 'CHAT' })),
  ).toEqual(['Sorry.']);
});

/** A call that waits in a queue with the given customer queue flow. */
function waiting(queueFlow: Record<string, TestAction>, answeredAfterSeconds?: number) {
  const inbound = createFlow({
    hook: {
      type: 'UpdateContactEventHooks',
      parameters: { EventHooks: { CustomerQueue: 'queue-flow' } },
      next: 'target',
      errors: { NoMatchingError: 'bye' },
    },
    target: { type: 'UpdateContactTargetQueue', parameters: { QueueId: OPERATORS.id }, next: 'wait' },
    wait: { type: 'TransferContactToQueue' },
    ...GOODBYE,
  });
  return {
    flows: [inbound, createFlow(queueFlow, { name: 'queue-flow', type: 'CUSTOMER_QUEUE' })],
    places: [{ ...OPERATORS, answeredAfterSeconds }],
  };
}

const loop = (InterruptFrequencySeconds?: string): Record<string, TestAction> => ({
  loop: {
    type: 'MessageParticipantIteratively',
    parameters: {
      Messages: [{ Text: 'Please hold.' }, { PromptId: 'music' }],
      ...(InterruptFrequencySeconds ? { InterruptFrequencySeconds } : {}),
    },
    when: { bye: 'Equals MessagesInterrupted' },
    errors: { NoMatchingError: 'sorry' },
  },
  ...SORRY,
  ...GOODBYE,
});

test('looped messages end with the interrupt', async () => {
  const { events, end, durationMs } = await playTestCall(waiting(loop('30')));

  expect(events).toContainEqual(expect.objectContaining({ text: 'Please hold.', repeated: true }));
  expect(end).toMatchObject({ kind: 'goodbye' });
  expect(durationMs).toBeGreaterThanOrEqual(30_000);
  expect(durationMs).toBeLessThan(40_000);
});

test('looped messages end when an agent answers before the interrupt', async () => {
  const { end } = await playTestCall(waiting(loop('30'), 12));

  expect(end).toMatchObject({ kind: 'queue', name: 'Operators', answered: true, waitedSeconds: 12 });
});

test('without an interrupt, looped messages continue for the maximum wait', async () => {
  const { end } = await playTestCall({ ...waiting(loop()), maxWaitSeconds: 300 });

  expect(end).toMatchObject({ kind: 'queue', answered: false, waitedSeconds: 300 });
});

test('a chat takes the error branch of looped messages', async () => {
  const transcript = await playTestCall({ ...waiting(loop('30')), channel: 'CHAT' });

  expect(spokenTexts(transcript)).toEqual(['Sorry.']);
});

test.each(['0', '86401', 'soon'])('an interrupt of %s seconds is wrong', async (seconds) => {
  const { end } = await playTestCall(waiting(loop(seconds)));

  expect(end).toMatchObject({
    message: expect.stringContaining('InterruptFrequencySeconds must be a whole number from 1 to 86400'),
  });
});

test('a contact flow cannot contain looped messages', async () => {
  const { end } = await playTestCall({ flows: [createFlow(loop())] });

  expect(end).toMatchObject({
    message: expect.stringMatching(
      /Flow "tiny", action "loop": A flow of type CONTACT_FLOW cannot contain MessageParticipantIteratively/,
    ),
  });
});

test('keys that no question reads are reported', async () => {
  const { unusedKeys } = await playTestCall({
    flows: [createFlow({ hello: says('Hello.', 'bye'), ...GOODBYE })],
    keys: '1,22#',
  });

  expect(unusedKeys).toEqual(parseKeys('1,22#').map(({ text }) => text));
});
