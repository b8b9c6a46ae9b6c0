import { createFaults } from '#tools/local/emulators/faults.ts';

test('a fault is met as often as it was asked for, by its operation only', () => {
  const faults = createFaults(['SearchUsers', 'ListUsers']);
  faults.add({ operation: 'SearchUsers', fault: '429', times: 2 });

  expect(faults.take('ListUsers')).toBeUndefined();
  expect([1, 2, 3].map(() => faults.take('SearchUsers')?.fault)).toEqual(['429', '429', undefined]);
});

test('a fault for * is met by any operation, and all can be cleared', () => {
  const faults = createFaults(['SearchUsers']);
  faults.add({ operation: '*', fault: 'delay', delayMs: 10, times: 5 });

  expect(faults.take('SearchUsers')).toMatchObject({ fault: 'delay', delayMs: 10 });
  faults.clear();
  expect(faults.take('SearchUsers')).toBeUndefined();
});

test.each([
  [{ operation: 'Nothing', fault: '429' }, /operation is one of/],
  [{ operation: 'SearchUsers', fault: 'x' }, /fault is one of/],
  [{ operation: 'SearchUsers', fault: '500', times: 0 }, /times/],
  [{ operation: 'SearchUsers', fault: 'delay', delayMs: -1 }, /delayMs/],
  [undefined, /operation/],
])('%j is refused', (description, message) => {
  expect(() => createFaults(['SearchUsers']).add(description)).toThrow(message);
});
