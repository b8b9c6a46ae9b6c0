import {
  ADA,
  createFlow,
  GOODBYE,
  lastSaid,
  playTestCall,
  SORRY,
  says,
  type TestAction,
} from '#support/calls.ts';
import { spokenTexts } from '#tools/flows/play/index.ts';

/** A flow of one action, which then tells something. */
function telling(type: string, parameters: object, text = 'Done.'): Record<string, TestAction> {
  return {
    act: { type, parameters, next: 'tell', errors: { NoMatchingError: 'sorry' } },
    tell: says(text, 'end'),
    ...SORRY,
    ...GOODBYE,
  };
}

test('attributes are set from texts and references, and stay with the contact', async () => {
  const Attributes = { caller: '$.CustomerEndpoint.Address', 'is-$.Channel': 'yes', none: '$.External.none' };
  const flow = createFlow(
    telling('UpdateContactAttributes', { Attributes, TargetContact: 'Current' }, '$.Attributes.caller'),
  );

  const transcript = await playTestCall({ flows: [flow] });

  expect(lastSaid(transcript)).toBe('+14155550100');
  expect(transcript.attributes).toEqual({ caller: '+14155550100', 'is-VOICE': 'yes', none: '' });
});

test('attributes beyond 32 KB take the error branch, and none is set', async () => {
  const flow = createFlow({
    first: {
      type: 'UpdateContactAttributes',
      parameters: { Attributes: { a: 'x'.repeat(20_000) } },
      next: 'act',
    },
    ...telling('UpdateContactAttributes', { Attributes: { b: 'x'.repeat(20_000), c: '' } }),
  });

  const transcript = await playTestCall({ flows: [flow] });

  expect(lastSaid(transcript)).toBe('Sorry.');
  expect(Object.keys(transcript.attributes)).toEqual(['a']);
});

test('language, name, description and customer id are set', async () => {
  const data = { LanguageCode: 'de-DE', Name: 'n', Description: 'd', CustomerId: 'c' };
  const flow = createFlow(
    telling('UpdateContactData', data, '$.LanguageCode $.Name $.Description $.CustomerId'),
  );

  expect(lastSaid(await playTestCall({ flows: [flow] }))).toBe('de-DE n d c');
});

test('the voice is set', async () => {
  const flow = createFlow(
    telling('UpdateContactTextToSpeechVoice', { TextToSpeechVoice: 'Vicki' }, '$.TextToSpeechVoiceId'),
  );

  expect(lastSaid(await playTestCall({ flows: [flow] }))).toBe('Vicki');
});

test('the target queue is an agent or a queue, and the flow can read its name', async () => {
  const flow = createFlow(telling('UpdateContactTargetQueue', { AgentId: ADA.arn }, '$.Queue.Name'));

  expect(lastSaid(await playTestCall({ flows: [flow] }))).toBe('Ada Martin');
});

test('what is logged is not heard', async () => {
  const flow = createFlow(telling('UpdateFlowLoggingBehavior', { FlowLoggingBehavior: 'Disabled' }));

  expect(spokenTexts(await playTestCall({ flows: [flow] }))).toEqual(['Done.']);
});

test.each<[string, object]>([
  ['UpdateContactData', { LanguageCode: '$.External.language' }],
  ['UpdateContactTextToSpeechVoice', { TextToSpeechVoice: '$.External.voice' }],
  ['UpdateContactTargetQueue', { AgentId: '$.External.agentId' }],
  ['UpdateContactTargetQueue', { QueueId: 'nobody' }],
  ['UpdateContactEventHooks', { EventHooks: { CustomerQueue: 'no-flow' } }],
  ['UpdateContactEventHooks', { EventHooks: { CustomerQueue: 'tiny' } }],
  ['TransferToFlow', { ContactFlowId: 'no-flow' }],
  ['TransferContactToQueue', {}],
])('%s with %p takes the error branch', async (type, parameters) => {
  expect(lastSaid(await playTestCall({ flows: [createFlow(telling(type, parameters))] }))).toBe('Sorry.');
});

test.each<[string, object, string]>([
  ['UpdateContactAttributes', { Attributes: { a: 1 } }, 'Attributes.a must be a string'],
  [
    'UpdateContactAttributes',
    { Attributes: {}, TargetContact: 'Related' },
    'does not support related contacts',
  ],
  ['UpdateContactData', { WisdomSessionArn: 'a' }, 'does not support WisdomSessionArn of UpdateContactData'],
  ['UpdateContactTargetQueue', {}, 'The action names no queue. Set QueueId or AgentId.'],
  ['UpdateContactTargetQueue', { QueueId: 'a', AgentId: 'b' }, 'The action names a queue and an agent'],
  ['UpdateContactEventHooks', { EventHooks: {} }, 'EventHooks must have exactly one entry'],
  [
    'UpdateContactEventHooks',
    { EventHooks: { CustomerQueue: 'a', AgentHold: 'b' } },
    'EventHooks must have exactly one entry',
  ],
  [
    'UpdateContactEventHooks',
    { EventHooks: { CustomerWait: 'a' } },
    'The event "CustomerWait" does not exist',
  ],
  ['InvokeFlowModule', { FlowModuleId: 'a' }, 'does not support InvokeFlowModule'],
  ['EndFlowModuleExecution', {}, 'does not support EndFlowModuleExecution'],
  [
    'TransferContactToAgent',
    {},
    'The player does not know the action "TransferContactToAgent". It knows CheckMetricData',
  ],
  ['EndFlowExecution', {}, 'A flow of type CONTACT_FLOW cannot contain EndFlowExecution'],
  [
    'DequeueContactAndTransferToQueue',
    { QueueId: 'a' },
    'A flow of type CONTACT_FLOW cannot contain DequeueContactAndTransferToQueue. Use CUSTOMER_QUEUE',
  ],
])('%s with %p is wrong', async (type, parameters, text) => {
  const { end } = await playTestCall({ flows: [createFlow(telling(type, parameters))] });

  expect(end).toEqual({ kind: 'error', message: expect.stringContaining(text) });
  expect(end).toMatchObject({ message: expect.stringContaining('Flow "tiny", action "act": ') });
});
