import { createFlow, GOODBYE, lastSaid, playTestCall, SORRY, says, type TestAction } from '#support/calls.ts';
import { spokenTexts } from '#tools/flows/play/index.ts';

const menu: Record<string, TestAction> = {
  ask: {
    type: 'GetParticipantInput',
    parameters: { Text: 'Press 1.', StoreInput: 'False', InputTimeLimitSeconds: '5' },
    when: { one: 'Equals 1', star: 'Equals *' },
    errors: { InputTimeLimitExceeded: 'late', NoMatchingCondition: 'other', NoMatchingError: 'sorry' },
  },
  one: says('One.', 'end'),
  star: says('Star.', 'end'),
  late: says('Late.', 'end'),
  other: says('Other.', 'end'),
  ...SORRY,
  ...GOODBYE,
};

describe('a menu', () => {
  test.each([
    ['1', 'One.'],
    ['*', 'Star.'],
    ['2', 'Other.'],
    ['-', 'Late.'],
    ['', 'Late.'],
    ['....1', 'One.'],
    ['.....1', 'Late.'],
  ])('keyed "%s" leads to "%s"', async (keys, text) => {
    expect(lastSaid(await playTestCall({ flows: [createFlow(menu)], keys }))).toBe(text);
  });

  test('takes one key, and reports the others', async () => {
    const { events } = await playTestCall({ flows: [createFlow(menu)], keys: '123' });

    expect(events).toContainEqual(
      expect.objectContaining({ type: 'keyed', keys: '1', outcome: 'choice', unused: '23' }),
    );
  });

  test('late keys are reported as unused', async () => {
    const { events } = await playTestCall({ flows: [createFlow(menu)], keys: '......1' });

    expect(events).toContainEqual(
      expect.objectContaining({ type: 'keyed', keys: '', outcome: 'timeout', unused: '1' }),
    );
  });

  test('the time limit begins when the question has been asked', async () => {
    const { events } = await playTestCall({ flows: [createFlow(menu)], keys: '-' });
    const asked = events.findIndex((event) => event.type === 'said');

    expect((events[asked + 1]?.at ?? 0) - (events[asked]?.at ?? 0)).toBeGreaterThan(5_000);
  });

  test('a key during the question interrupts it', async () => {
    const slow = (keys: string) => {
      const { ask, ...rest } = menu;
      const long = { ...ask?.parameters, Text: `Press 1. ${'Listen carefully. '.repeat(20)}` };
      return playTestCall({
        flows: [createFlow({ ask: { type: 'GetParticipantInput', ...ask, parameters: long }, ...rest })],
        keys,
      });
    };

    const waited = await slow('1');
    const interrupted = await slow('!1');

    expect(interrupted.events).toContainEqual(expect.objectContaining({ question: true, interrupted: true }));
    expect(interrupted.durationMs).toBeLessThan(waited.durationMs - 10_000);
  });

  test('without a branch for the time limit, the error branch is taken', async () => {
    const { ask, ...rest } = menu;
    const flow = createFlow({
      ask: {
        type: 'GetParticipantInput',
        ...ask,
        errors: { NoMatchingError: 'sorry', NoMatchingCondition: 'other' },
      },
      ...rest,
    });

    expect(lastSaid(await playTestCall({ flows: [flow], keys: '-' }))).toBe('Sorry.');
  });

  test.each(['Equals 12', 'TextStartsWith 1'])('a condition "%s" is wrong', async (condition) => {
    const { ask, ...rest } = menu;
    const flow = createFlow({
      ask: { type: 'GetParticipantInput', ...ask, when: { one: condition } },
      ...rest,
    });

    expect((await playTestCall({ flows: [flow], keys: '1' })).end).toMatchObject({
      message: expect.stringContaining('A condition of a menu must be Equals with one key'),
    });
  });

  test('a chat takes the error branch', async () => {
    expect(lastSaid(await playTestCall({ flows: [createFlow(menu)], keys: '1', channel: 'CHAT' }))).toBe(
      'Sorry.',
    );
  });

  test('each question takes the next entry', async () => {
    const again = { ...menu, one: { ...says('Again.', 'ask') } };

    const transcript = await playTestCall({ flows: [createFlow(again)], keys: '1,1,*' });

    expect(spokenTexts(transcript)).toEqual([
      'Press 1.',
      'Again.',
      'Press 1.',
      'Again.',
      'Press 1.',
      'Star.',
    ]);
  });
});

function storing(
  dtmf: object = {},
  InputValidation: object = { CustomValidation: { MaximumLength: '6' } },
): Record<string, TestAction> {
  return {
    ask: {
      type: 'GetParticipantInput',
      parameters: {
        Text: 'Key in.',
        StoreInput: 'True',
        InputTimeLimitSeconds: '5',
        DTMFConfiguration: { InterdigitTimeLimitSeconds: '3', ...dtmf },
        InputValidation,
      },
      next: 'tell',
      errors: { InvalidPhoneNumber: 'no-number', NoMatchingError: 'sorry' },
    },
    tell: says('[$.StoredCustomerInput]', 'end'),
    'no-number': says('No number.', 'end'),
    ...SORRY,
    ...GOODBYE,
  };
}

const stored = async (keys: string, flow = storing()) =>
  lastSaid(await playTestCall({ flows: [createFlow(flow)], keys }));

describe('a stored input', () => {
  test.each([
    ['1042#', '[1042]', 'the pound key ends it'],
    ['1042', '[1042]', 'a pause ends it'],
    ['1234567', '[123456]', 'the longest input ends it'],
    ['10..42#', '[1042]', 'a short pause does not'],
    ['10...42#', '[10]', 'a long one does'],
    ['#', '[]', 'an input can be empty'],
    ['-', '[Timeout]', 'no key is the word Timeout, without an error'],
    ['.....1#', '[Timeout]', 'so is a first key that comes too late'],
    ['99*1042#', '[1042]', 'the star key cancels the input'],
  ])('"%s" is stored as %s: %s', async (keys, text) => {
    expect(await stored(keys)).toBe(text);
  });

  test('keys after the end are reported', async () => {
    const { events } = await playTestCall({ flows: [createFlow(storing())], keys: '10#42' });

    expect(events).toContainEqual(expect.objectContaining({ keys: '10#', outcome: 'stored', unused: '42' }));
  });

  test('a terminator of several keys', async () => {
    expect(await stored('1*2**', storing({ InputTerminationSequence: '**', DisableCancelKey: 'True' }))).toBe(
      '[1*2]',
    );
  });

  test('with the cancel key disabled, star is a key like any other', async () => {
    expect(await stored('9*1#', storing({ DisableCancelKey: 'True' }))).toBe('[9*1]');
  });

  test.each([
    [{ NumberFormat: 'Local', CountryCode: 'US' }, '4155550100#', '[+14155550100]'],
    [{ NumberFormat: 'E164' }, '14155550100#', '[+14155550100]'],
    [{ NumberFormat: 'Local', CountryCode: 'US' }, '1#', 'No number.'],
  ])('a telephone number by %p: %s', async (phone, keys, text) => {
    expect(await stored(keys, storing({}, { PhoneNumberValidation: phone }))).toBe(text);
  });

  test.each([
    ['no validation', storing({}, {}), 'set InputValidation to either'],
    ['a long pause between keys', storing({ InterdigitTimeLimitSeconds: '21' }), 'from 1 to 20'],
  ])('%s is wrong', async (_, flow, text) => {
    const { end } = await playTestCall({ flows: [createFlow(flow)], keys: '1#' });

    expect(end).toMatchObject({ kind: 'error', message: expect.stringContaining(text) });
  });
});
