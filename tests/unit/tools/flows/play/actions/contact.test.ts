import { ADA, bye, lastSaid, playTiny, says, sorry, type TinyAction, tinyFlow } from '#support/calls.ts';
import { said } from '#tools/flows/play/index.ts';

/** A flow of one action, which then tells something. */
function telling(type: string, parameters: object, text = 'Done.'): Record<string, TinyAction> {
  return {
    act: { type, parameters, next: 'tell', errors: { NoMatchingError: 'sorry' } },
    tell: says(text, 'end'),
    ...sorry,
    ...bye,
  };
}

test('attributes are set from texts and references, and stay with the contact', async () => {
  const Attributes = { caller: '$.CustomerEndpoint.Address', 'is-$.Channel': 'yes', none: '$.External.none' };
  const flow = tinyFlow(
    telling('UpdateContactAttributes', { Attributes, TargetContact: 'Current' }, '$.Attributes.caller'),
  );

  const transcript = await playTiny({ flows: [flow] });

  expect(lastSaid(transcript)).toBe('+14155550100');
  expect(transcript.attributes).toEqual({ caller: '+14155550100', 'is-VOICE': 'yes', none: '' });
});

test('attributes beyond 32 KB take the error branch, and none is set', async () => {
  const flow = tinyFlow({
    first: {
      type: 'UpdateContactAttributes',
      parameters: { Attributes: { a: 'x'.repeat(20_000) } },
      next: 'act',
    },
    ...telling('UpdateContactAttributes', { Attributes: { b: 'x'.repeat(20_000), c: '' } }),
  });

  const transcript = await playTiny({ flows: [flow] });

  expect(lastSaid(transcript)).toBe('Sorry.');
  expect(Object.keys(transcript.attributes)).toEqual(['a']);
});

test('language, name, description and customer id are set', async () => {
  const data = { LanguageCode: 'de-DE', Name: 'n', Description: 'd', CustomerId: 'c' };
  const flow = tinyFlow(
    telling('UpdateContactData', data, '$.LanguageCode $.Name $.Description $.CustomerId'),
  );

  expect(lastSaid(await playTiny({ flows: [flow] }))).toBe('de-DE n d c');
});

test('the voice is set', async () => {
  const flow = tinyFlow(
    telling('UpdateContactTextToSpeechVoice', { TextToSpeechVoice: 'Vicki' }, '$.TextToSpeechVoiceId'),
  );

  expect(lastSaid(await playTiny({ flows: [flow] }))).toBe('Vicki');
});

test('the target queue is an agent or a queue, and the flow can read its name', async () => {
  const flow = tinyFlow(telling('UpdateContactTargetQueue', { AgentId: ADA.arn }, '$.Queue.Name'));

  expect(lastSaid(await playTiny({ flows: [flow] }))).toBe('Ada Martin');
});

test('what is logged is not heard', async () => {
  const flow = tinyFlow(telling('UpdateFlowLoggingBehavior', { FlowLoggingBehavior: 'Disabled' }));

  expect(said(await playTiny({ flows: [flow] }))).toEqual(['Done.']);
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
  expect(lastSaid(await playTiny({ flows: [tinyFlow(telling(type, parameters))] }))).toBe('Sorry.');
});

test.each<[string, object, string]>([
  ['UpdateContactAttributes', { Attributes: { a: 1 } }, 'Attributes.a is not a text'],
  [
    'UpdateContactAttributes',
    { Attributes: {}, TargetContact: 'Related' },
    'related contacts are not played',
  ],
  ['UpdateContactData', { WisdomSessionArn: 'a' }, 'UpdateContactData with WisdomSessionArn is not played'],
  ['UpdateContactTargetQueue', {}, 'one of QueueId and AgentId is needed'],
  ['UpdateContactTargetQueue', { QueueId: 'a', AgentId: 'b' }, 'It names a queue and an agent'],
  ['UpdateContactEventHooks', { EventHooks: {} }, 'EventHooks has exactly one entry'],
  [
    'UpdateContactEventHooks',
    { EventHooks: { CustomerQueue: 'a', AgentHold: 'b' } },
    'EventHooks has exactly one entry',
  ],
  ['UpdateContactEventHooks', { EventHooks: { CustomerWait: 'a' } }, 'There is no event "CustomerWait"'],
  ['InvokeFlowModule', { FlowModuleId: 'a' }, 'InvokeFlowModule is not played here'],
  ['EndFlowModuleExecution', {}, 'EndFlowModuleExecution is not played here'],
  [
    'TransferContactToAgent',
    {},
    '"TransferContactToAgent" is no action that the player knows; it knows CheckMetricData',
  ],
  ['EndFlowExecution', {}, 'EndFlowExecution may not stand in a flow of type CONTACT_FLOW'],
  [
    'DequeueContactAndTransferToQueue',
    { QueueId: 'a' },
    'may not stand in a flow of type CONTACT_FLOW; it may in CUSTOMER_QUEUE',
  ],
])('%s with %p is wrong', async (type, parameters, text) => {
  const { end } = await playTiny({ flows: [tinyFlow(telling(type, parameters))] });

  expect(end).toEqual({ kind: 'error', message: expect.stringContaining(text) });
  expect(end).toMatchObject({ message: expect.stringContaining('Flow "tiny", action "act": ') });
});
