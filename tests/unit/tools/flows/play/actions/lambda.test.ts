import {
  answerWith,
  createFlow,
  GOODBYE,
  lastSaid,
  playTestCall,
  SORRY,
  says,
  TEST_FUNCTION_ARN,
  TEST_INSTANCE_ARN,
  type TestAction,
} from '#support/calls.ts';
import type { LambdaInvoker, LambdaRequest, LambdaResult } from '#tools/flows/play/index.ts';

function invoking(parameters: object = {}, next = 'tell'): TestAction {
  return {
    type: 'InvokeLambdaFunction',
    parameters: {
      LambdaFunctionARN: TEST_FUNCTION_ARN,
      InvocationTimeLimitSeconds: '4',
      ResponseValidation: { ResponseType: 'STRING_MAP' },
      ...parameters,
    },
    next,
    errors: { NoMatchingError: 'sorry' },
  };
}

const invokingFlow = (parameters: object = {}): Record<string, TestAction> => ({
  ask: invoking(parameters),
  tell: says('[$.External.status]', 'end'),
  ...SORRY,
  ...GOODBYE,
});

/** Records the requests. */
function recorded(answer: unknown = { status: 'FOUND' }) {
  const requests: LambdaRequest[] = [];
  const invoke: LambdaInvoker = (request) => {
    requests.push(structuredClone(request));
    return answerWith(answer)(request);
  };
  return { requests, invoke };
}

const ending =
  (result: LambdaResult): LambdaInvoker =>
  async () =>
    result;

test('the flow reads the answer, and the time that the function ran has passed', async () => {
  const { events, ...transcript } = await playTestCall({
    flows: [createFlow(invokingFlow())],
    invoke: answerWith({ status: 'FOUND' }, 1_500),
  });

  expect(lastSaid({ events, ...transcript })).toBe('[FOUND]');
  expect(events).toContainEqual({
    at: 0,
    type: 'lambda',
    function: 'TestFunction',
    parameters: {},
    durationMs: 1_500,
    attempts: 1,
    outcome: 'answered',
    answer: { status: 'FOUND' },
  });
  expect(events.find(({ type }) => type === 'said')).toMatchObject({ at: 1_500 });
});

test('the event is the one that Connect sends', async () => {
  const { requests, invoke } = recorded();

  await playTestCall({
    flows: [
      createFlow(
        invokingFlow({
          LambdaInvocationAttributes: { digits: '1042', who: '$.Channel', none: '$.External.none' },
        }),
      ),
    ],
    invoke,
  });

  expect(requests).toEqual([
    {
      functionArn: TEST_FUNCTION_ARN,
      timeLimitMs: 4_000,
      event: {
        Name: 'ContactFlowEvent',
        Details: {
          ContactData: {
            Attributes: {},
            Channel: 'VOICE',
            ContactId: 'contact-1',
            CustomerEndpoint: { Address: '+14155550100', Type: 'TELEPHONE_NUMBER' },
            CustomerId: null,
            Description: null,
            InitialContactId: 'contact-1',
            InitiationMethod: 'INBOUND',
            InstanceARN: TEST_INSTANCE_ARN,
            LanguageCode: 'en-US',
            MediaStreams: { Customer: { Audio: null } },
            Name: null,
            PreviousContactId: 'contact-1',
            Queue: null,
            References: {},
            SegmentAttributes: { 'connect:Subtype': { ValueString: 'connect:Telephony' } },
            SystemEndpoint: { Address: '+18005550199', Type: 'TELEPHONE_NUMBER' },
          },
          Parameters: { digits: '1042', who: 'VOICE' },
        },
      },
    },
  ]);
});

test('a withheld number is the word anonymous', async () => {
  const { requests, invoke } = recorded();

  await playTestCall({ flows: [createFlow(invokingFlow())], invoke, from: undefined });

  expect(requests[0]?.event).toMatchObject({
    Details: { ContactData: { CustomerEndpoint: { Address: 'anonymous', Type: 'TELEPHONE_NUMBER' } } },
  });
});

test('a chat has no numbers', async () => {
  const { requests, invoke } = recorded();

  await playTestCall({ flows: [createFlow(invokingFlow())], invoke, channel: 'CHAT' });

  expect(requests[0]?.event).toMatchObject({
    Details: {
      ContactData: { Channel: 'CHAT', CustomerEndpoint: null, SystemEndpoint: null, InitiationMethod: 'API' },
    },
  });
});

test('the event carries the attributes, the language and the queue of the moment', async () => {
  const { requests, invoke } = recorded();
  const flow = createFlow({
    set: { type: 'UpdateContactAttributes', parameters: { Attributes: { tier: 'gold' } }, next: 'language' },
    language: { type: 'UpdateContactData', parameters: { LanguageCode: 'fr-FR' }, next: 'queue' },
    queue: { type: 'UpdateContactTargetQueue', parameters: { QueueId: 'operators-id' }, next: 'ask' },
    ...invokingFlow(),
  });

  await playTestCall({ flows: [flow], invoke });

  expect(requests[0]?.event).toMatchObject({
    Details: {
      ContactData: { Attributes: { tier: 'gold' }, LanguageCode: 'fr-FR', Queue: { Name: 'Operators' } },
    },
  });
});

test.each<[string, LambdaInvoker, string]>([
  [
    'throws',
    ending({ kind: 'function-error', errorType: 'Error', errorMessage: 'broken', durationMs: 9 }),
    'the function failed: Error: broken',
  ],
  ['is too slow', answerWith({ status: 'FOUND' }, 4_000), 'the function did not respond within 4 seconds'],
  ['answers a number', answerWith({ matches: 1 }), 'the value of "matches" is a number, not a string'],
  ['answers 32 KB', answerWith({ a: 'x'.repeat(32 * 1024) }), 'it must be smaller than 32 KB'],
])('a function that %s leads to the error branch, and the transcript says why', async (_, invoke, why) => {
  const transcript = await playTestCall({ flows: [createFlow(invokingFlow())], invoke });

  expect(lastSaid(transcript)).toBe('Sorry.');
  expect(transcript.events).toContainEqual(
    expect.objectContaining({ type: 'lambda', outcome: 'failed', why: expect.stringContaining(why) }),
  );
});

test('a function that is not associated with the instance is not invoked', async () => {
  const { requests, invoke } = recorded();

  const transcript = await playTestCall({ flows: [createFlow(invokingFlow())], invoke, lambdas: [] });

  expect(requests).toEqual([]);
  expect(lastSaid(transcript)).toBe('Sorry.');
  expect(transcript.events).toContainEqual(
    expect.objectContaining({ type: 'error', why: 'the function is not associated with the instance' }),
  );
});

test('a function that the flow names by a reference without a value is not invoked', async () => {
  expect(
    lastSaid(
      await playTestCall({ flows: [createFlow(invokingFlow({ LambdaFunctionARN: '$.External.arn' }))] }),
    ),
  ).toBe('Sorry.');
});

test('each response replaces the previous one completely, and so does a failure', async () => {
  const answers = [{ status: 'FOUND', name: 'Jane' }, { status: 'NOT_FOUND' }, { status: 1 }];
  const flow = createFlow({
    first: invoking({}, 'second'),
    second: invoking({}, 'tell'),
    tell: says('[$.External.status $.External.name]', 'third'),
    third: invoking({}, 'bye'),
    sorry: says('[$.External.status]', 'end'),
    ...GOODBYE,
  });

  const transcript = await playTestCall({
    flows: [flow],
    invoke: (request) => answerWith(answers.shift())(request),
  });

  expect(transcript.events.flatMap((event) => (event.type === 'said' ? [event.text] : []))).toEqual([
    '[NOT_FOUND ]',
    '[]',
  ]);
});

describe('functions without a prompt between them', () => {
  const chain = (between: TestAction | undefined): Record<string, TestAction> => ({
    first: invoking({ InvocationTimeLimitSeconds: '8' }, 'second'),
    second: invoking({ InvocationTimeLimitSeconds: '8' }, between ? 'between' : 'third'),
    ...(between ? { between } : {}),
    third: invoking({ InvocationTimeLimitSeconds: '8' }, 'fourth'),
    fourth: invoking({ InvocationTimeLimitSeconds: '8' }, 'tell'),
    tell: says('Done.', 'end'),
    ...SORRY,
    ...GOODBYE,
  });
  const limitsOf = async (between?: TestAction) => {
    const limits: number[] = [];
    const transcript = await playTestCall({
      flows: [createFlow(chain(between))],
      invoke: (request) => {
        limits.push(request.timeLimitMs);
        return answerWith({ status: 'FOUND' }, 7_000)(request);
      },
    });
    return { limits, heard: lastSaid(transcript) };
  };

  test('have 20 seconds in all', async () => {
    expect(await limitsOf()).toEqual({ limits: [8_000, 8_000, 6_000], heard: 'Sorry.' });
  });

  test('have it again after a prompt', async () => {
    expect(await limitsOf(says('One moment.', 'third'))).toEqual({
      limits: [8_000, 8_000, 8_000, 8_000],
      heard: 'Done.',
    });
  });
});

test('JSON answers may be nested', async () => {
  const { ask, ...rest } = invokingFlow({ ResponseValidation: { ResponseType: 'JSON' } });
  const flow = createFlow({
    ask: ask ?? { type: '' },
    ...rest,
    tell: says('[$.External.agent.name]', 'end'),
  });

  expect(
    lastSaid(await playTestCall({ flows: [flow], invoke: answerWith({ agent: { name: 'Ada' } }) })),
  ).toBe('[Ada]');
});

test.each<[object, string]>([
  [{ InvocationTimeLimitSeconds: '9' }, 'InvocationTimeLimitSeconds must be a whole number from 1 to 8'],
  [{ InvocationType: 'ASYNCHRONOUS' }, 'InvocationType "SYNCHRONOUS" only'],
  [{ ResponseValidation: { ResponseType: 'XML' } }, 'ResponseType must be "STRING_MAP" or "JSON"'],
])('%p is wrong', async (parameters, text) => {
  expect((await playTestCall({ flows: [createFlow(invokingFlow(parameters))] })).end).toMatchObject({
    message: expect.stringContaining(text),
  });
});
