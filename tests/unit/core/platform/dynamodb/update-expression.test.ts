import { ifAttributesAre } from '#core/platform/dynamodb/conditions.ts';
import { updateExpression } from '#core/platform/dynamodb/update-expression.ts';

test('sets, removes and adds, with a placeholder for every attribute', () => {
  expect(
    updateExpression({ set: { state: 'SENT', endedAt: 'now' }, remove: ['claim'], add: { version: 1 } }),
  ).toEqual({
    UpdateExpression: 'SET #state = :state, #endedAt = :endedAt REMOVE #claim ADD #version :version',
    ExpressionAttributeNames: {
      '#state': 'state',
      '#endedAt': 'endedAt',
      '#claim': 'claim',
      '#version': 'version',
    },
    ExpressionAttributeValues: { ':state': 'SENT', ':endedAt': 'now', ':version': 1 },
  });
});

test('removes what is set to undefined, once', () => {
  expect(updateExpression({ set: { claim: undefined }, remove: ['claim'] })).toEqual({
    UpdateExpression: 'REMOVE #claim',
    ExpressionAttributeNames: { '#claim': 'claim' },
  });
});

test('keeps values that are falsy', () => {
  expect(updateExpression({ set: { count: 0, name: '', listed: false, note: null } })).toMatchObject({
    UpdateExpression: 'SET #count = :count, #name = :name, #listed = :listed, #note = :note',
    ExpressionAttributeValues: { ':count': 0, ':name': '', ':listed': false, ':note': null },
  });
});

test('an attribute can be compared and set in the same update', () => {
  expect(updateExpression({ set: { state: 'SENT' }, when: ifAttributesAre({ state: 'SENDING' }) })).toEqual({
    UpdateExpression: 'SET #state = :state',
    ConditionExpression: '#state = :is_state',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: { ':state': 'SENT', ':is_state': 'SENDING' },
  });
});

test('takes a condition that is written by hand', () => {
  expect(
    updateExpression({
      set: { settled: 2 },
      when: { ConditionExpression: 'size(ids) = :size', ExpressionAttributeValues: { ':size': 3 } },
    }),
  ).toEqual({
    UpdateExpression: 'SET #settled = :settled',
    ConditionExpression: 'size(ids) = :size',
    ExpressionAttributeNames: { '#settled': 'settled' },
    ExpressionAttributeValues: { ':settled': 2, ':size': 3 },
  });
});

test('rejects a placeholder with two meanings', () => {
  const when = { ConditionExpression: 'size(ids) = :size', ExpressionAttributeValues: { ':size': 3 } };

  expect(() => updateExpression({ set: { size: 4 }, when })).toThrow(RangeError);
});

test('rejects an update of nothing', () => {
  expect(() => updateExpression({ set: {}, remove: [] })).toThrow(RangeError);
});
