import { resolveText, resolveValue } from '#tools/flows/play/flow/references.ts';

const data = {
  Attributes: { name: 'Jane', 'first name': 'J' },
  External: { status: 'FOUND', list: ['a'] },
  StoredCustomerInput: undefined,
  CustomerEndpoint: { Address: '+14155550100' },
};

test('references in a text are replaced, and a full stop behind one stays', () => {
  expect(resolveText('Hello $.Attributes.name. You call from $.CustomerEndpoint.Address.', data)).toBe(
    'Hello Jane. You call from +14155550100.',
  );
});

test('brackets name keys that are no words', () => {
  expect(resolveText(`$.Attributes['first name'] $['External']['status']`, data)).toBe('J FOUND');
});

test('what has no value is an empty text in a text, and undefined as a value', () => {
  expect(resolveText('Hello $.Attributes.nobody!', data)).toBe('Hello !');
  expect(resolveValue('$.Attributes.unset', data)).toBeUndefined();
  expect(resolveValue('$.StoredCustomerInput', data)).toBeUndefined();
});

test('what is inherited is no value', () => {
  expect(resolveValue('$.Attributes.constructor', data)).toBeUndefined();
});

test('a value that is no text is its JSON', () => {
  expect(resolveValue('$.External.list', data)).toBe('["a"]');
});

test('a dollar sign alone is text', () => {
  expect(resolveText('It costs $5, or $.', data)).toBe('It costs $5, or $.');
});

test('a value is not read for references again', () => {
  expect(resolveText('$.Attributes.name', { Attributes: { name: '$.External.status' } })).toBe(
    '$.External.status',
  );
});

test('a reference outside of what a flow can read is named', () => {
  expect(() => resolveText('Hello $.Atributes.name', data)).toThrow(
    'The player does not know the reference "$.Atributes.name". After "$.", use one of Attributes, External',
  );
});
