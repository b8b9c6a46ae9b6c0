import {
  describeError,
  InvalidInputError,
  SwitchboardError,
  UnavailableError,
} from '#core/platform/errors.ts';

const PERSONAL = '+14155550100 Jane Roe';

describe('SwitchboardError', () => {
  test('carries a code, a field and its cause, under the name of its class', () => {
    const cause = new Error('why');
    const error = new InvalidInputError('INVALID_BODY', 'Say it right.', { field: 'identifiers[2]', cause });

    expect(error).toBeInstanceOf(SwitchboardError);
    expect(error).toMatchObject({
      name: 'InvalidInputError',
      code: 'INVALID_BODY',
      message: 'Say it right.',
      field: 'identifiers[2]',
      cause,
    });
  });

  test('has no cause when none was given', () => {
    expect('cause' in new InvalidInputError('X', 'y')).toBe(false);
  });
});

describe('describeError', () => {
  test('keeps the message of an error of ours', () => {
    expect(describeError(new UnavailableError('UNAVAILABLE', 'Try again.'))).toMatchObject({
      name: 'UnavailableError',
      code: 'UNAVAILABLE',
      message: 'Try again.',
    });
  });

  test('leaves out the message of a foreign error, which may quote personal data', () => {
    const description = describeError(new TypeError(`cannot read ${PERSONAL}`));

    expect(description.name).toBe('TypeError');
    expect(JSON.stringify(description)).not.toContain('Jane');
  });

  test('leaves out a message of several lines, even one that looks like a stack frame', () => {
    const description = describeError(new Error(`first\n    at ${PERSONAL} (secret.ts:1:1)\nlast`));

    expect(JSON.stringify(description)).not.toContain('Jane');
    expect(description.frames?.[0]).toMatch(/errors\.test/);
  });

  test('leaves out the foreign message of a cause, at any depth', () => {
    const deep = new Error('a', { cause: new Error('b', { cause: new Error(PERSONAL) }) });
    const error = new UnavailableError('UNAVAILABLE', 'Try again.', { cause: deep });

    const description = describeError(error);

    expect(description.cause?.cause?.name).toBe('Error');
    expect(JSON.stringify(description)).not.toContain('Jane');
  });

  test('ends on an error that is its own cause', () => {
    const error = new Error('round');
    error.cause = error;

    expect(JSON.stringify(describeError(error)).length).toBeLessThan(20_000);
  });

  test('keeps the code and the request id of an AWS error', () => {
    const error = Object.assign(new Error(PERSONAL), { code: 'ECONNRESET', $metadata: { requestId: 'r-1' } });

    expect(describeError(error)).toMatchObject({ code: 'ECONNRESET', requestId: 'r-1' });
  });

  test.each([[PERSONAL], [null], [undefined], [{ message: PERSONAL }], [17]])(
    'tells of a thrown value that is no error only its type (%#)',
    (thrown) => {
      expect(describeError(thrown)).toEqual({ name: typeof thrown });
    },
  );
});
