import {
  attemptWrite,
  failedConditions,
  ifAttributesAre,
  writeIf,
} from '#core/platform/dynamodb/conditions.ts';

const named = (name: string, more = {}) => Object.assign(new Error('refused'), { name, ...more });
const cancelled = (...codes: (string | undefined)[]) =>
  named('TransactionCanceledException', { CancellationReasons: codes.map((Code) => ({ Code })) });
const conditionFailed = (Item?: object) => named('ConditionalCheckFailedException', { Item });

describe('writeIf', () => {
  test('is true when the write succeeds', () => expect(writeIf(Promise.resolve({}))).resolves.toBe(true));

  test('is false when the condition fails', () =>
    expect(writeIf(Promise.reject(conditionFailed()))).resolves.toBe(false));

  test.each([named('ThrottlingException'), cancelled('ConditionalCheckFailed'), 'no error'])(
    'throws every other error: %p',
    (error) => expect(writeIf(Promise.reject(error))).rejects.toBe(error),
  );
});

describe('attemptWrite', () => {
  test('returns the output of the write', () =>
    expect(attemptWrite(Promise.resolve({ Attributes: { version: 2 } }))).resolves.toEqual({
      kind: 'WRITTEN',
      output: { Attributes: { version: 2 } },
    }));

  test('returns what is stored when the condition fails', () =>
    expect(
      attemptWrite(Promise.reject(conditionFailed({ version: { N: '3' }, blob: { B: Uint8Array.of(7) } }))),
    ).resolves.toEqual({ kind: 'CONDITION_FAILED', stored: { version: 3, blob: Uint8Array.of(7) } }));

  test('returns undefined when nothing is stored', () =>
    expect(attemptWrite(Promise.reject(conditionFailed()))).resolves.toEqual({
      kind: 'CONDITION_FAILED',
      stored: undefined,
    }));
});

test('ifAttributesAre compares values, and requires that an undefined attribute does not exist', () => {
  expect(ifAttributesAre({ state: 'SENDING', claim: undefined })).toEqual({
    ConditionExpression: '#state = :is_state AND attribute_not_exists(#claim)',
    ExpressionAttributeNames: { '#state': 'state', '#claim': 'claim' },
    ExpressionAttributeValues: { ':is_state': 'SENDING' },
  });
});

describe('failedConditions', () => {
  test.each<[string, unknown, number[] | undefined]>([
    ['the only write', conditionFailed(), [0]],
    [
      'actions of a transaction',
      cancelled('None', 'ConditionalCheckFailed', undefined, 'ConditionalCheckFailed'),
      [1, 3],
    ],
    ['none of a transaction that met another', cancelled('None', 'TransactionConflict'), []],
    ['the failed ones beside a throttled one', cancelled('ThrottlingError', 'ConditionalCheckFailed'), [1]],
    ['none of a throttled write', named('ThrottlingException'), []],
    ['none of a write that met a transaction', named('TransactionConflictException'), []],
    [
      'nothing for a request that is wrong',
      cancelled('ValidationError', 'ConditionalCheckFailed'),
      undefined,
    ],
    ['nothing for every other error', named('ResourceNotFoundException'), undefined],
    ['nothing for what is no error', 'refused', undefined],
  ])('names %s', (_, error, positions) => expect(failedConditions(error)).toEqual(positions));
});
