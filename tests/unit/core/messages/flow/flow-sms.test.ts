import type { AcceptRequest } from '#core/messages/acceptance/create-acceptance.ts';
import { createFlowSender } from '#core/messages/flow/flow-sms.ts';
import { InvalidInputError, UnavailableError, UnprocessableError } from '#core/platform/errors.ts';
import type { FlowEvent } from '#core/platform/handlers/contact-flow.ts';
import { metrics } from '#core/platform/observability.ts';

const CALLER = '+14155550100';
const CALLED = '+18005550199';
const TEMPLATE = {
  name: 'call-back',
  texts: { en: '{{agent}} will call you back.', de: '{{agent}} ruft Sie zurück.' },
};

/** Accepts everything once, unless an error is given. */
function flowSms(error?: Error) {
  const requests: AcceptRequest[] = [];
  const send = createFlowSender({
    getTemplate: async (name) => (name === TEMPLATE.name ? TEMPLATE : undefined),
    accept: async (request) => {
      if (error) throw error;
      const duplicate = requests.some(({ idempotencyKey }) => idempotencyKey === request.idempotencyKey);
      requests.push(request);
      return { messageId: 'm-1', duplicate, segments: 2, encoding: 'GSM-7' };
    },
    budgetMs: 5_000,
  });
  return { send, requests };
}

function event(parameters: Record<string, string> = {}, parts: Partial<FlowEvent> = {}): FlowEvent {
  return {
    parameters: { template: 'call-back', block: 'text-the-caller', agent: 'Ada', ...parameters },
    attributes: {},
    channel: 'VOICE',
    contactId: 'contact-1',
    customerAddress: CALLER,
    systemAddress: CALLED,
    languageCode: 'en-US',
    ...parts,
  };
}

test('the caller gets one text of the template for the block, from the number that was called', async () => {
  const { send, requests } = flowSms();

  expect(await send(event())).toEqual({
    status: 'ACCEPTED',
    messageId: 'm-1',
    segments: '2',
    language: 'en',
  });
  expect(requests).toEqual([
    {
      idempotencyKey: '["flow","contact-1","text-the-caller"]',
      from: CALLED,
      to: CALLER,
      recipientPresent: true,
      content: 'Ada will call you back.',
      origin: 'flow',
    },
  ]);
  expect(await send(event())).toMatchObject({ status: 'DUPLICATE', messageId: 'm-1' });
});

test('accepted texts and duplicates are counted separately', async () => {
  const metric = jest.spyOn(metrics, 'addMetric').mockImplementation();
  metric.mockClear();
  const { send } = flowSms();

  await send(event());
  await send(event());

  expect(metric.mock.calls.map(([name]) => name)).toEqual(['MessagesAccepted', 'MessagesDuplicate']);
});

test('another block or another call sends another text', async () => {
  const { send, requests } = flowSms();
  await send(event());

  expect(await send(event({ block: 'another' }))).toMatchObject({ status: 'ACCEPTED' });
  expect(await send(event({}, { contactId: 'contact-2' }))).toMatchObject({ status: 'ACCEPTED' });
  expect(new Set(requests.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(3);
});

test.each([
  [{ language: 'de' }, 'de'],
  [{ language: 'de-AT' }, 'de'],
  [{ language: '' }, 'en'],
  [{ language: 'fr' }, 'en'],
])('with %j the text is in %s', async (parameters, language) => {
  expect(await flowSms().send(event(parameters))).toMatchObject({ language });
});

test('without the parameter language, the language of the call applies', async () => {
  expect(await flowSms().send(event({}, { languageCode: 'de-DE' }))).toMatchObject({ language: 'de' });
});

test('the parameters to and from select other numbers', async () => {
  const { send, requests } = flowSms();

  await send(event({ to: '+14155550111', from: '+16135550100' }));

  expect(requests[0]).toMatchObject({ to: '+14155550111', from: '+16135550100' });
  expect(requests[0]).not.toHaveProperty('recipientPresent');
});

test('the number of the caller is on the call, in any notation', async () => {
  const { send, requests } = flowSms();

  await send(event({ to: '+1 (415) 555-0100' }));

  expect(requests[0]).toMatchObject({ recipientPresent: true });
});

test('the parameter to works when the caller has no number', async () => {
  const answer = await flowSms().send(event({ to: '+14155550111' }, { customerAddress: 'anonymous' }));
  expect(answer).toMatchObject({ status: 'ACCEPTED' });
});

test.each([['anonymous'], [''], [undefined], ['jane@example.com'], ['4155550100'], ['sip:jane@example.com']])(
  'a caller from %j gets no text',
  async (customerAddress) => {
    const { customerAddress: _, ...rest } = event();
    const asked = customerAddress === undefined ? rest : { ...rest, customerAddress };
    expect(await flowSms().send(asked)).toMatchObject({ status: 'ANONYMOUS' });
  },
);

test('a missing template is NO_TEMPLATE, not an error', async () => {
  expect(await flowSms().send(event({ template: 'other' }))).toMatchObject({
    status: 'NO_TEMPLATE',
    message: expect.any(String),
  });
});

test.each([
  ['IDEMPOTENCY_KEY_REUSED', 'DUPLICATE'],
  ['RECIPIENT_UNKNOWN', 'RECIPIENT_UNKNOWN'],
  ['FROM_NOT_ALLOWED', 'FROM_NOT_ALLOWED'],
])('a rejection with %s has the status %s', async (code, status) => {
  const { send } = flowSms(new UnprocessableError(code, 'No.'));
  expect(await send(event())).toEqual({ status, message: expect.any(String) });
});

test.each([
  [{ from: '+16135550100' }, 'The parameter from is not'],
  [{}, 'The number that was called may not'],
])('the message names the number that may not send texts: %j', async (parameters, sentence) => {
  const { send } = flowSms(new UnprocessableError('FROM_NOT_ALLOWED', 'No.'));
  expect(await send(event(parameters))).toMatchObject({ message: expect.stringContaining(sentence) });
});

test.each<[string, FlowEvent, RegExp?]>([
  ['INVALID_BLOCK', event({ block: '' })],
  ['INVALID_BLOCK', event({ block: ' ' })],
  ['INVALID_BLOCK', event({ block: 'x'.repeat(65) })],
  ['INVALID_TEMPLATE_NAME', event({ template: '' }), /The parameter template is missing/],
  ['INVALID_TEMPLATE_NAME', event({ template: 'Call back' })],
  ['MISSING_PARAMETER', { ...event(), parameters: { template: 'call-back', block: 'b' } }],
  ['MISSING_PARAMETER', event({ agent: '' })],
  ['MISSING_PARAMETER', event({ agent: ' ' })],
  ['INVALID_PARAMETER', event({ agent: '{"a":1}' }, { structured: ['agent'] })],
  ['INVALID_EVENT', event({}, { contactId: '' })],
  ['INVALID_EVENT', event({}, { contactId: 'x'.repeat(129) })],
  ['INVALID_FROM', event({}, { systemAddress: '' })],
  ['INVALID_FROM', event({ from: '' })],
  ['INVALID_TO', event({ to: '' })],
  ['INVALID_TO', event({ to: ' ' })],
  ['INVALID_TO', event({ to: '' }, { customerAddress: 'anonymous' })],
])('%s is the error of invalid parameters', async (code, asked, words = /./) => {
  const { send, requests } = flowSms();
  await expect(send(asked)).rejects.toMatchObject({
    name: 'InvalidInputError',
    code,
    message: expect.stringMatching(words),
  });
  expect(requests).toEqual([]);
});

test.each([
  new InvalidInputError('INVALID_PHONE_NUMBER', 'No.'),
  new UnavailableError('UNAVAILABLE', 'Later.'),
  new UnprocessableError('SOMETHING_NEW', 'No.'),
  new TypeError('A bug.'),
])('%s propagates to the handler', async (error) => {
  await expect(flowSms(error).send(event())).rejects.toBe(error);
});

test('an operation without a response times out before the flow does', async () => {
  const send = createFlowSender({
    getTemplate: () => new Promise(() => {}),
    accept: () => new Promise(() => {}),
    budgetMs: 10,
  });
  await expect(send(event())).rejects.toThrow(UnavailableError);
});
