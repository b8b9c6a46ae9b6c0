import { InvalidInputError, UnavailableError } from '#core/platform/errors.ts';
import {
  createFlowHandler,
  FLOW_ANSWER_LIMIT,
  type FlowAnswer,
  parseFlowEvent,
  toStringMap,
} from '#core/platform/handlers/contact-flow.ts';
import { logger, metrics } from '#core/platform/observability.ts';

const event = (details: object = {}) => ({ Name: 'ContactFlowEvent', Details: details });
/** What Connect refuses. */
const REFUSED_BYTES = 32 * 1024;
const bytesOf = (map: object) => Buffer.byteLength(JSON.stringify(map));

describe('parseFlowEvent', () => {
  test('reads who calls, what was called and what the block passes on', () => {
    const parsed = parseFlowEvent(
      event({
        ContactData: {
          Attributes: { tier: 'vip' },
          Channel: 'VOICE',
          ContactId: '5ca32fbd-8f92-46af-92a5-6b0f970f0efe',
          LanguageCode: 'en-US',
          CustomerEndpoint: { Address: '+14155550100', Type: 'TELEPHONE_NUMBER' },
          SystemEndpoint: { Address: '+18005550199', Type: 'TELEPHONE_NUMBER' },
        },
        Parameters: { digits: '1042' },
      }),
    );

    expect(parsed).toEqual({
      parameters: { digits: '1042' },
      attributes: { tier: 'vip' },
      channel: 'VOICE',
      contactId: '5ca32fbd-8f92-46af-92a5-6b0f970f0efe',
      customerAddress: '+14155550100',
      systemAddress: '+18005550199',
      languageCode: 'en-US',
    });
  });

  test('takes everything that Connect may leave out or send as null', () => {
    const parsed = parseFlowEvent(
      event({
        ContactData: { CustomerEndpoint: null, SystemEndpoint: null, Queue: null, Attributes: null },
        Parameters: null,
      }),
    );

    expect(parsed).toEqual({ parameters: {}, attributes: {}, channel: '' });
  });

  test('makes every parameter a string, and one that is null not given', () => {
    const parsed = parseFlowEvent(
      event({ Parameters: { digits: 1042, on: true, list: [1], none: null, deep: { a: 1 } } }),
    );

    expect(parsed.parameters).toEqual({ digits: '1042', on: 'true', list: '[1]', deep: '{"a":1}' });
  });

  test.each([[null], [[]], ['text'], [{}], [{ Details: [] }], [{ Details: 'x' }]])(
    'refuses what is no contact-flow event: %j',
    (raw) => expect(() => parseFlowEvent(raw)).toThrow(InvalidInputError),
  );
});

describe('toStringMap', () => {
  test('leaves out what is undefined and what Connect does not take as a key', () => {
    expect(
      toStringMap({ status: 'FOUND', agentId: undefined, 'attr_a b': 'x', '': 'y', 'attr_a-b': 'z' }),
    ).toEqual({ status: 'FOUND', 'attr_a-b': 'z' });
  });

  test('keeps an answer that just fits whole, and is never larger than the limit', () => {
    const room = FLOW_ANSWER_LIMIT - bytesOf({ truncated: 'true' }) - bytesOf({ status: 'FOUND', big: '' });
    for (const size of [room - 1, room, room + 1, room + 1_000]) {
      expect(bytesOf(toStringMap({ status: 'FOUND', big: 'x'.repeat(size) }))).toBeLessThan(REFUSED_BYTES);
    }
    expect(toStringMap({ status: 'FOUND', big: 'x'.repeat(room - 1) })).not.toHaveProperty('truncated');
    expect(FLOW_ANSWER_LIMIT).toBeLessThan(REFUSED_BYTES);
  });

  test('drops what does not fit, measured in UTF-8, keeps what came before and says so', () => {
    const map = toStringMap({ status: 'FOUND', contactId: 'c-1', attr_note: '☎'.repeat(12_000) });

    expect(map).toEqual({ status: 'FOUND', contactId: 'c-1', truncated: 'true' });
  });

  test('replaces lone surrogates, which are no UTF-8', () => {
    expect(toStringMap({ status: 'FOUND', name: 'a\ud800b' }).name).toBe('a\ufffdb');
  });

  test('a key named __proto__ does no harm', () => {
    const answer: FlowAnswer = JSON.parse('{"status":"FOUND","__proto__":"x"}');

    expect(Object.getPrototypeOf(toStringMap(answer))).toBe(Object.prototype);
  });
});

describe('createFlowHandler', () => {
  test('answers what the function found', async () => {
    const handler = createFlowHandler('caller-lookup', async ({ parameters }) => ({
      status: 'FOUND',
      ...parameters,
    }));

    await expect(handler(event({ Parameters: { a: '1' } }))).resolves.toEqual({ status: 'FOUND', a: '1' });
  });

  test('answers bad input as INVALID with its reason', async () => {
    const handler = createFlowHandler('caller-lookup', async () => {
      throw new InvalidInputError('INVALID_IDENTIFIER', 'It is too short.');
    });

    await expect(handler(event())).resolves.toEqual({ status: 'INVALID', message: 'It is too short.' });
  });

  test('answers an outage as DEGRADED', async () => {
    const handler = createFlowHandler('caller-lookup', async () => {
      throw new UnavailableError('UNAVAILABLE', 'LookupTable did not answer.');
    });

    await expect(handler(event())).resolves.toMatchObject({ status: 'DEGRADED' });
  });

  test.each([[null], ['x'], [17], [{}]])('answers %j, which is no event, as INVALID', async (raw) => {
    const handler = createFlowHandler('caller-lookup', async () => ({ status: 'FOUND' }));

    await expect(handler(raw)).resolves.toMatchObject({ status: 'INVALID', message: expect.any(String) });
  });

  test('counts the answer by the function and its status, and nothing of the caller', async () => {
    const counted = jest.spyOn(metrics, 'addMetric');
    const handler = createFlowHandler('caller-lookup', async () => ({
      status: 'NOT_FOUND',
      displayName: 'Jane',
    }));

    await handler(event({ ContactData: { CustomerEndpoint: { Address: '+14155550100' } } }));

    expect(counted.mock.calls.map(([name]) => name)).toEqual([
      'Calls',
      'Answers.caller-lookup.NOT_FOUND',
      'CallDuration',
    ]);
    expect(JSON.stringify(counted.mock.calls)).not.toMatch(/Jane|4155550100/);
  });

  test('throws on a bug, and neither the error nor the log holds what the bug quoted', async () => {
    const logged = jest.spyOn(logger, 'error').mockImplementation();
    const handler = createFlowHandler('caller-lookup', async () => {
      throw new TypeError('cannot read +14155550100');
    });

    const error = await handler(event()).catch((thrown) => thrown);

    expect(error.message).toContain('caller-lookup');
    expect(`${error.message} ${error.stack} ${JSON.stringify(error.cause)}`).not.toContain('+1415');
    expect(logged).toHaveBeenCalledWith('failed', { error: expect.objectContaining({ name: 'TypeError' }) });
    expect(JSON.stringify(logged.mock.calls)).not.toContain('+1415');
  });
});
